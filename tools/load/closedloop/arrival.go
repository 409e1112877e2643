package closedloop

import "time"

// Arrivals say when users arrive.
//
// A user who is done releases its slot. With a SlotTime, the next user of the slot
// arrives SlotTime after the previous one arrived there. Otherwise the next user arrives
// ArrivalGap after the last arrival at any slot, but not before FirstArrival. In both
// cases a user who would arrive earlier waits until the slot is free.
type Arrivals struct {
	Slots []Slot // one for each concurrent user, unless Open is set

	SlotTime                 time.Duration
	ArrivalGap, FirstArrival time.Duration

	Open       bool // users arrive every ArrivalGap, starting at FirstArrival, and need no slot
	NoArrivals bool // free slots stay free
	TotalUsers int  // limit for the whole run; 0 means unlimited
}

// A slot is used by one user at a time.
type slot struct {
	arrived time.Duration // when its current user arrived
}

// arrivalState is the part of a population that plans arrivals.
type arrivalState struct {
	arrivals    int           // users so far
	free        []*slot       // waiting for the next arrival, longest first
	nextArrival time.Duration // earliest time of the next arrival
}

// release plans the arrival of the next user at a slot that becomes free at an offset.
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
