package trace

import (
	"math"
	"sort"
	"time"
)

// All is the duration of a window without end.
const All time.Duration = -1

// Window is the requests from start to start + duration, both inclusive, since
// the earliest request.
func Window(requests []Request, start, duration time.Duration) []Request {
	from := sort.Search(len(requests), func(i int) bool { return requests[i].At >= start })
	requests = requests[from:]
	if duration == All {
		return requests
	}
	return requests[:sort.Search(len(requests), func(i int) bool { return requests[i].At-start > duration })]
}

// Pace is how a window's times become the times of a run.
type Pace struct {
	Start  time.Duration // of the window
	Scale  float64       // above 1: slower than the trace
	Limit  time.Duration // of the wait for a request after the one before; 0: none
	Legacy bool          // Limit is of the wait since the start, as the original has it
}

// Due is when each request falls due, since the start of the run.
func (p Pace) Due(requests []Request) []time.Duration {
	due := make([]time.Duration, len(requests))
	cut := time.Duration(0) // by the limit, so far
	before := time.Duration(0)
	for i := range requests {
		at := p.scaled(requests[i].At - p.Start)
		if p.Legacy && p.Limit > 0 {
			due[i] = min(at, p.Limit)
			continue
		}
		if wait := at - before; p.Limit > 0 && wait > p.Limit {
			cut += wait - p.Limit
		}
		due[i], before = at-cut, at
	}
	return due
}

// scaled rounds each time by itself, so that no error adds up.
func (p Pace) scaled(at time.Duration) time.Duration {
	const farthest = 1 << 62
	return time.Duration(min(math.Round(float64(at)*p.Scale), farthest))
}

// Rate is the requests a second that a run offers on the whole: all of them in
// the window's duration or, for a window to the end of the trace, in the time
// from its start to the last. Time that a limit cut away does not count.
func (p Pace) Rate(requests []Request, duration time.Duration) float64 {
	if len(requests) == 0 {
		return 0
	}
	due, last := p.Due(requests), requests[len(requests)-1].At-p.Start
	if duration == All {
		duration = last
	}
	seconds := (p.scaled(duration) - p.scaled(last) + due[len(due)-1]).Seconds()
	if seconds <= 0 {
		seconds = 1 // all at once
	}
	return float64(len(requests)) / seconds
}
