package trace

import (
	"math"
	"sort"
	"time"
)

// ToEnd is the duration of a window that ends with the trace.
const ToEnd time.Duration = -1

// Window returns the requests from start to start+duration, both inclusive and
// relative to the earliest request.
func Window(requests []Request, start, duration time.Duration) []Request {
	from := sort.Search(len(requests), func(i int) bool { return requests[i].At >= start })
	requests = requests[from:]
	if duration == ToEnd {
		return requests
	}
	return requests[:sort.Search(len(requests), func(i int) bool { return requests[i].At-start > duration })]
}

// Timing maps the times of a trace's window to times of a run.
type Timing struct {
	Start  time.Duration // of the window
	Scale  float64       // above 1 is slower than the trace
	MaxGap time.Duration // longest time between two requests of the run; 0 for no limit
	Legacy bool          // MaxGap limits the time since the start of the run, as in LMBench's script
}

// Due returns when each request is due, since the start of the run.
func (t Timing) Due(requests []Request) []time.Duration {
	due := make([]time.Duration, len(requests))
	removed := time.Duration(0) // by MaxGap so far
	previous := time.Duration(0)
	for i := range requests {
		at := t.scaled(requests[i].At - t.Start)
		if t.Legacy && t.MaxGap > 0 {
			due[i] = min(at, t.MaxGap)
			continue
		}
		if gap := at - previous; t.MaxGap > 0 && gap > t.MaxGap {
			removed += gap - t.MaxGap
		}
		due[i], previous = at-removed, at
	}
	return due
}

// scaled rounds each time by itself so that errors do not accumulate.
func (t Timing) scaled(at time.Duration) time.Duration {
	const limit = 1 << 62
	return time.Duration(min(math.Round(float64(at)*t.Scale), limit))
}

// Rate returns the mean request rate of a run, per second: all requests over the
// window's duration or, for a window to the end of the trace, over the time from
// its start to the last request. Time removed by MaxGap does not count.
func (t Timing) Rate(requests []Request, duration time.Duration) float64 {
	if len(requests) == 0 {
		return 0
	}
	due, last := t.Due(requests), requests[len(requests)-1].At-t.Start
	if duration == ToEnd {
		duration = last
	}
	seconds := (t.scaled(duration) - t.scaled(last) + due[len(due)-1]).Seconds()
	if seconds <= 0 {
		seconds = 1 // all requests are due at once
	}
	return float64(len(requests)) / seconds
}
