package metrics

import (
	"math"

	"github.com/LMCache/LMBench/tools/record"
)

// samples are what the figures come from, request by request. Times are in
// seconds; NaN is an empty cell. The figures are computed anew from them, for
// what the clocks say packs better than what is made of it.
type samples struct {
	ttft, generation, latency, lag, dial column
	prompt, generated                    column // tokens
	simulated                            column // 1: the history was made up
	anySimulated                         bool
	room                                 []float64
}

func (s *samples) add(row *record.Row) {
	s.ttft.add(number(row.TTFT))
	s.generation.add(number(row.GenerationTime))
	s.dial.add(number(row.ConnectTime))
	s.prompt.add(number(row.PromptTokens))
	s.generated.add(number(row.GenerationTokens))
	latency, lag, simulated := row.FinishTime-row.LaunchTime, math.NaN(), 0.0
	if row.Latency != nil {
		latency = *row.Latency
	}
	if row.ScheduledTime != 0 {
		lag = row.LaunchTime - row.ScheduledTime
	}
	if row.SimulatedHistory {
		s.anySimulated, simulated = true, 1
	}
	s.latency.add(latency)
	s.lag.add(lag)
	s.simulated.add(simulated)
}

// values are what a formula gives for each request, in order, where that is a
// number. They are good until the next call.
func (s *samples) values(formula func(of [3]float64) float64, of ...*column) []float64 {
	if s.room == nil {
		s.room = make([]float64, s.ttft.len())
	}
	var rooms [3][blockLength]float64
	values := s.room[:0]
	for i := range s.ttft.blocks() {
		var blocks [3][]float64
		for j, column := range of {
			blocks[j] = column.block(i, &rooms[j])
		}
		for k := range blocks[0] {
			var v [3]float64
			for j := range of {
				v[j] = blocks[j][k]
			}
			if v := formula(v); finite(v) {
				values = append(values, v)
			}
		}
	}
	return values
}

func (s *samples) milliseconds(of *column) Distribution {
	return Distribute(s.values(func(v [3]float64) float64 { return v[0] * 1000 }, of))
}

// known is the TTFTs over histories that the engine had computed.
func (s *samples) known() Distribution {
	return Distribute(s.values(func(v [3]float64) float64 {
		if v[1] == 1 {
			return math.NaN()
		}
		return v[0] * 1000
	}, &s.ttft, &s.simulated))
}

func (s *samples) tpot() Distribution {
	return Distribute(s.values(func(v [3]float64) float64 {
		if !(v[1] > 1) {
			return math.NaN()
		}
		return v[0] / (v[1] - 1) * 1000
	}, &s.generation, &s.generated))
}

func (s *samples) itl() Distribution {
	return Distribute(s.values(func(v [3]float64) float64 {
		if !(v[2] > 0) {
			return math.NaN()
		}
		return (v[0] + v[1]) / v[2] * 1000
	}, &s.ttft, &s.generation, &s.generated))
}

func (s *samples) total(of *column) float64 {
	return sum(s.values(func(v [3]float64) float64 { return v[0] }, of))
}
