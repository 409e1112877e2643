package closedloop

import "time"

// Joins are how users come to a crowd.
type Joins struct {
	Seats []Seat // the crowd is never larger, unless it is Open

	// A user who is done leaves a free seat. Its next user comes SeatTime
	// after the one before came; or, with SeatTime 0, JoinGap after the last
	// user that came to any seat, and not before FirstJoin. Neither comes
	// before the seat is free.
	SeatTime           time.Duration
	JoinGap, FirstJoin time.Duration

	Open    bool // users come every JoinGap from FirstJoin on, and need no seat
	NoJoins bool // free seats stay free
	Users   int  // how many there are in all; 0: no end of them
}

// seat is taken by one user at a time.
type seat struct {
	came time.Duration // when its user came
}

// joining is the state of a crowd's joins.
type joining struct {
	joins    int           // users so far
	free     []*seat       // waiting for the next join, longest first
	nextJoin time.Duration // not before
}

// vacate plans when the next user comes to a seat that is free from then on.
func (c *Crowd) vacate(place *seat, from time.Duration) {
	switch j := &c.config.Joins; {
	case j.Open || j.NoJoins || c.over():
	case j.SeatTime > 0:
		c.events.add(event{due: max(place.came+j.SeatTime, from), seat: place})
	default:
		c.free = append(c.free, place)
		if len(c.free) == 1 {
			c.events.add(event{due: max(c.nextJoin, from), seat: place})
		}
	}
}

// joined plans the join after one that was due at an offset.
func (c *Crowd) joined(due time.Duration) {
	j := &c.config.Joins
	if j.SeatTime > 0 && !j.Open || c.over() {
		return // each seat for itself, or nobody more to come
	}
	c.nextJoin = due + j.JoinGap
	if j.Open {
		c.events.add(event{due: c.nextJoin, seat: &seat{}})
		return
	}
	if c.free = c.free[1:]; len(c.free) > 0 {
		c.events.add(event{due: c.nextJoin, seat: c.free[0]})
	}
}

// over tells whether all users have come.
func (c *Crowd) over() bool { return c.config.Users > 0 && c.joins >= c.config.Users }
