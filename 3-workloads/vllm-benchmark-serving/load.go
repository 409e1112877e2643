package main

import (
	"math"
	"strconv"
	"time"

	"github.com/LMCache/LMBench/tools/data/pyrand"
	"github.com/LMCache/LMBench/tools/load/schedule"
	"github.com/LMCache/LMBench/tools/load/workload"
)

// arrivals are when n requests are due. Their intervals are drawn from a gamma
// distribution, as numpy's legacy generator draws it after the prompts.
func (s *serving) arrivalTimes(random *pyrand.RandomState, n int) []time.Duration {
	intervals := make([]float64, n) // after request i
	for i := range intervals {
		if rate := s.rateAt(i, n); !math.IsInf(rate, 1) {
			intervals[i] = random.Gamma(s.load.burstiness, 1/(rate*s.load.burstiness))
		}
	}
	due := make([]time.Duration, n)
	at, stretch := 0.0, 1.0
	if s.load.arrivals == "vllm" {
		at, stretch = s.today(intervals)
	}
	for i := range due {
		due[i] = schedule.Seconds(at * stretch)
		if s.load.arrivals == "vllm" && i+1 < n {
			at += intervals[i+1]
		} else {
			at += intervals[i]
		}
	}
	return due
}

// today is what vLLM does since 2025: the first request waits as well, and at a
// steady rate all times are stretched so that the last is due after exactly as
// many seconds as the rate says.
func (s *serving) today(intervals []float64) (first, stretch float64) {
	total := 0.0
	for _, interval := range intervals {
		total += interval
	}
	if s.load.rampUp != "" || total == 0 {
		return intervals[0], 1
	}
	return intervals[0], float64(len(intervals)) / s.rate / total
}

// rateAt is the rate at which request i of n leaves.
func (s *serving) rateAt(i, n int) float64 {
	start, end := s.load.rampStart, s.load.rampEnd
	progress := float64(i) / float64(max(n-1, 1))
	switch s.load.rampUp {
	case "linear":
		return start + float64((end-start)*progress) // rounded so on every kind of processor
	case "exponential":
		return start * math.Pow(end/start, progress)
	}
	return s.rate
}

// line is the plan of a point: requests in order, each when it is due and fewer
// than the limit are under way.
type line struct {
	due      []time.Duration
	limit    int // 0: none
	make     func(i int) *workload.Request
	final    func(*workload.Request)
	waits    []time.Duration // of each request for its slot
	started  int
	underWay int
	full     bool          // no slot was free since the last start
	freed    time.Duration // when the last one became free
}

// Next is part of schedule.Plan.
func (l *line) Next() (time.Duration, bool) {
	if l.started == len(l.due) {
		return 0, false
	}
	if l.limit > 0 && l.underWay >= l.limit {
		l.full = true
		return 0, false
	}
	return l.due[l.started], true
}

// Start is part of schedule.Plan.
func (l *line) Start() *workload.Request {
	i := l.started
	l.started++
	l.underWay++
	if l.full {
		l.waits[i] = max(0, l.freed-l.due[i])
		l.full = false
	}
	return l.make(i)
}

// Done is part of schedule.Plan.
func (l *line) Done(turn *workload.Request) {
	l.underWay--
	l.freed = turn.Ended
	l.final(turn)
}

// plan sends the requests that were prepared.
func (s *serving) plan(control workload.Control) workload.Plan {
	composer, cold := s.composer(), s.cold()
	l := &line{
		due: s.model.due, limit: s.load.concurrency, final: control.Final, waits: make([]time.Duration, len(s.requests)),
		make: func(i int) *workload.Request {
			user, module := "", ""
			if s.common.WithUserID {
				user = strconv.Itoa(s.common.InitUserID + i)
			}
			if s.modules != nil {
				module = s.modules[i]
			}
			return &workload.Request{User: s.common.InitUserID + i, Question: i + 1, Due: s.model.due[i], UncachedShare: cold(i), Payload: composer.request(&s.requests[i], module, user)}
		},
	}
	s.tally.begin(len(s.requests), l.waits)
	return l
}

// cold tells of each request in order whether its prompt is in no cache: random
// ones are, but for those that begin like one before, of which a large set has
// some.
func (s *serving) cold() func(i int) float64 {
	if !s.set().Info().Distinct {
		return func(int) float64 { return 0 }
	}
	const beginning = 48 // bytes, about a block
	start := func(i int) string { return s.requests[i].Prompt[:min(len(s.requests[i].Prompt), beginning)] }
	begun := map[string]bool{}
	if len(s.requests) > 0 {
		begun[start(0)] = true // by the request that tries the engine
	}
	return func(i int) float64 {
		if begun[start(i)] {
			return 0
		}
		begun[start(i)] = true
		return 1
	}
}
