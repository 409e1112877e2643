package main

import (
	"math"
	"slices"

	"github.com/LMCache/LMBench/tools/results/metrics"
	"github.com/LMCache/LMBench/tools/results/record"
	"github.com/LMCache/LMBench/tools/results/suite"
)

// sample holds what is compared of one point's requests.
type sample struct {
	ttft, tpot, e2el []float64 // ms, ascending
	itl, failed      ratio
	n                int
}

func readSample(p *suite.Point) (*sample, error) {
	s := &sample{}
	for row, err := range p.Requests(nil) {
		if err != nil {
			return nil, err
		}
		s.add(&row)
	}
	for _, values := range [][]float64{s.ttft, s.tpot, s.e2el} {
		slices.Sort(values)
	}
	return s, nil
}

func (s *sample) add(row *record.Row) {
	request := s.n
	s.n++
	if !row.OK() {
		s.failed.add(request, 1, 1)
		return
	}
	s.failed.add(request, 0, 1)
	if row.TTFT != nil {
		s.ttft = append(s.ttft, *row.TTFT*1000)
	}
	if tpot := metrics.TPOT(0, record.Value(row.GenerationTime), record.Value(row.GenerationTokens)); !math.IsNaN(tpot) {
		s.tpot = append(s.tpot, tpot*1000)
	}
	if row.Stamped() {
		s.e2el = append(s.e2el, (row.FinishTime-row.LaunchTime)*1000)
	}
	if len(row.Gaps) > 0 {
		sum := 0.0
		for _, gap := range row.Gaps {
			sum += gap.Seconds() * 1000
		}
		s.itl.add(request, sum, float64(len(row.Gaps)))
	}
}
