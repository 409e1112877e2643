package monitor

import "sync/atomic"

// InFlight counts the requests under way, and how many were at most. It is safe for
// concurrent use.
type InFlight struct{ now, peak atomic.Int64 }

// Begin counts a request that is sent.
func (f *InFlight) Begin() {
	now := f.now.Add(1)
	for peak := f.peak.Load(); now > peak && !f.peak.CompareAndSwap(peak, now); {
		peak = f.peak.Load()
	}
}

// End counts a request that is done.
func (f *InFlight) End() { f.now.Add(-1) }

// Peak returns the most requests that were under way at once.
func (f *InFlight) Peak() int { return int(f.peak.Load()) }
