package main

import (
	"strconv"
	"time"

	"github.com/LMCache/LMBench/tools/load/schedule"
	"github.com/LMCache/LMBench/tools/load/workload"
)

// queue is the plan of a point. Requests start in order, each when it is due and fewer
// than limit are in flight. It implements workload.Plan.
type queue struct {
	due      schedule.Arrivals
	limit    int // 0 for no limit
	request  func(i int) *workload.Request
	final    func(*workload.Request)
	waits    []time.Duration // time that each request waited for a slot
	started  int
	inFlight int
	full     bool          // the next request found no slot
	freed    time.Duration // when a slot last became free
}

func (q *queue) Next() (time.Duration, bool) {
	if q.limit > 0 && q.inFlight >= q.limit {
		q.full = true
		return 0, false
	}
	return q.due.Due(q.started)
}

func (q *queue) Start() *workload.Request {
	i := q.started
	q.started++
	q.inFlight++
	if q.full {
		q.waits[i] = max(0, q.freed-q.due.At(i))
		q.full = false
	}
	return q.request(i)
}

func (q *queue) Done(r *workload.Request) {
	q.inFlight--
	q.freed = r.Ended
	q.final(r)
}

// plan returns a plan that sends the prepared requests.
func (s *serving) plan(control workload.Control) workload.Plan {
	composer, uncached := s.composer(), s.uncachedShares()
	q := &queue{
		due: schedule.Times(s.due), limit: s.load.concurrency, final: control.Final, waits: make([]time.Duration, len(s.requests)),
		request: func(i int) *workload.Request {
			user, module := "", ""
			if s.common.WithUserID {
				user = strconv.Itoa(s.common.InitUserID + i)
			}
			if s.modules != nil {
				module = s.modules[i]
			}
			return &workload.Request{User: s.common.InitUserID + i, Question: i + 1, Due: s.due[i], UncachedShare: uncached(i), Payload: composer.request(&s.requests[i], module, user)}
		},
	}
	s.outcomes = newOutcomes(len(s.requests), q.waits)
	return q
}

// uncachedShares returns a function that, called for each request in order, returns the
// share of its prompt that no cache can have. It is 1 for prompts of distinct tokens,
// except for those that start like an earlier one, which a large set contains by chance.
func (s *serving) uncachedShares() func(i int) float64 {
	if !s.set().Info().Distinct {
		return func(int) float64 { return 0 }
	}
	const prefix = 48 // bytes, about a block of tokens
	start := func(i int) string { return s.requests[i].Prompt[:min(len(s.requests[i].Prompt), prefix)] }
	seen := map[string]bool{}
	if len(s.requests) > 0 {
		seen[start(0)] = true // the test request sends it
	}
	return func(i int) float64 {
		if seen[start(i)] {
			return 0
		}
		seen[start(i)] = true
		return 1
	}
}
