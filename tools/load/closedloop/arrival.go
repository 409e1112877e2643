package closedloop

import "time"

// Arrivals say when users arrive.
//
// A user who is done releases its slot. The slot's next user arrives SlotTime
// after the one before did; or, if SlotTime is 0, ArrivalGap after the last
// arrival at any slot, and not before FirstArrival. In both cases it waits until
// the slot is free.
type Arrivals struct {
	Slots []Slot // the most users at a time, unless Open

	SlotTime                 time.Duration
	ArrivalGap, FirstArrival time.Duration

	Open       bool // users arrive every ArrivalGap from FirstArrival on and need no slot
	NoArrivals bool // free slots stay free
	TotalUsers int  // the most users of the run; 0: no limit
}

// A slot is used by one user at a time.
type slot struct {
	arrived time.Duration // when its present user arrived
}

// arrivalState is what a population remembers of its arrivals.
type arrivalState struct {
	arrivals    int           // users so far
	free        []*slot       // waiting for the next arrival, longest first
	nextArrival time.Duration // not before
}

// release plans when the next user arrives at a slot that is free from an
// offset on.
func (p *Population) release(s *slot, from time.Duration) {
	switch a := &p.config.Arrivals; {
	case a.Open || a.NoArrivals || p.complete():
	case a.SlotTime > 0:
		p.events.add(event{due: max(s.arrived+a.SlotTime, from), slot: s})
	default:
		p.free = append(p.free, s)
		if len(p.free) == 1 {
			p.events.add(event{due: max(p.nextArrival, from), slot: s})
		}
	}
}

// planArrival plans the arrival after one that was due at an offset.
func (p *Population) planArrival(due time.Duration) {
	a := &p.config.Arrivals
	if a.SlotTime > 0 && !a.Open || p.complete() {
		return // each slot plans its own arrivals, or no user is left
	}
	p.nextArrival = due + a.ArrivalGap
	if a.Open {
		p.events.add(event{due: p.nextArrival, slot: &slot{}})
		return
	}
	if p.free = p.free[1:]; len(p.free) > 0 {
		p.events.add(event{due: p.nextArrival, slot: p.free[0]})
	}
}

// complete reports whether all users have arrived.
func (p *Population) complete() bool {
	return p.config.TotalUsers > 0 && p.arrivals >= p.config.TotalUsers
}
