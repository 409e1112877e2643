package metrics

import (
	"math"
	"runtime"
	"sync"

	"github.com/LMCache/LMBench/tools/results/record"
)

// samples holds what figures are computed from, by request. Times are in seconds; NaN is an
// empty cell. It holds what the clocks said, since that packs better than differences and
// quotients.
type samples struct {
	ttft, generation, latency, lag, dial column
	prompt, generated                    column // tokens
	simulated                            column // 1: the history is simulated
	anySimulated                         bool
}

func (s *samples) add(row *record.Row) {
	s.ttft.add(record.Value(row.TTFT))
	s.generation.add(record.Value(row.GenerationTime))
	s.dial.add(record.Value(row.ConnectTime))
	s.prompt.add(record.Value(row.PromptTokens))
	s.generated.add(record.Value(row.GenerationTokens))
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

// compute computes figures, two at a time: each needs room for one number per request.
func (s *samples) compute(figures ...func(room []float64)) {
	next := make(chan func(room []float64), len(figures))
	for _, figure := range figures {
		next <- figure
	}
	close(next)
	var all sync.WaitGroup
	for range min(2, runtime.GOMAXPROCS(0)) {
		all.Go(func() {
			room := make([]float64, s.ttft.len())
			for figure := range next {
				figure(room)
			}
		})
	}
	all.Wait()
}

// values applies a formula to the columns and returns the finite results. They are in
// room.
func (s *samples) values(room []float64, formula func(values []float64, of [3][]float64), of ...*column) []float64 {
	var rooms [3][blockLength]float64
	n := 0
	for i := range s.ttft.blocks() {
		var blocks [3][]float64
		for j, column := range of {
			blocks[j] = column.block(i, &rooms[j])
		}
		values := room[n : n+len(blocks[0])]
		formula(values, blocks)
		for _, v := range values {
			room[n] = v
			if finite(v) {
				n++
			}
		}
	}
	return room[:n]
}

func (s *samples) milliseconds(to *Distribution, of *column) func(room []float64) {
	return func(room []float64) {
		*to = Distribute(s.values(room, func(values []float64, of [3][]float64) {
			for i, v := range of[0] {
				values[i] = v * 1000
			}
		}, of))
	}
}

// known computes the TTFTs over histories that the engine had computed before.
func (s *samples) known(to *Distribution) func(room []float64) {
	return func(room []float64) {
		*to = Distribute(s.values(room, func(values []float64, of [3][]float64) {
			for i, v := range of[0] {
				if values[i] = v * 1000; of[1][i] == 1 {
					values[i] = math.NaN()
				}
			}
		}, &s.ttft, &s.simulated))
	}
}

func (s *samples) tpot(to *Distribution) func(room []float64) {
	return func(room []float64) {
		*to = Distribute(s.values(room, func(values []float64, of [3][]float64) {
			for i, tokens := range of[1] {
				values[i] = TPOT(0, of[0][i], tokens) * 1000
			}
		}, &s.generation, &s.generated))
	}
}

func (s *samples) itl(to *Distribution) func(room []float64) {
	return func(room []float64) {
		*to = Distribute(s.values(room, func(values []float64, of [3][]float64) {
			for i, tokens := range of[2] {
				if values[i] = (of[0][i] + of[1][i]) / tokens * 1000; !(tokens > 0) {
					values[i] = math.NaN()
				}
			}
		}, &s.ttft, &s.generation, &s.generated))
	}
}

func (s *samples) total(to *float64, of *column) func(room []float64) {
	return func(room []float64) {
		*to = sum(s.values(room, func(values []float64, of [3][]float64) { copy(values, of[0]) }, of))
	}
}
