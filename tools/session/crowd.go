// Package session is a crowd of users who hold multi-round conversations in a
// closed loop: a user asks, waits for the answer, and asks again.
package session

import (
	"container/heap"
	"time"

	"github.com/LMCache/LMBench/tools/openai"
)

// Conversation is what one user says and hears.
type Conversation interface {
	// Ask is the request for question k, counted from 1, with all that was
	// said before.
	Ask(k int) openai.Request
	// Hear stores the question asked last, with its answer. A question that
	// failed is not heard of again.
	Hear(answer string)
}

// Turn is one question of one user.
type Turn struct {
	User             int           // user id
	Question         int           // number of the question, from 1
	Answer           int           // ordinal of its answer in this conversation, from 1; simulated ones do not count
	Due              time.Duration // when it is to be asked, since the start
	Ended            time.Duration // when its answer or failure was complete, since the start; set by whoever asks
	SimulatedHistory bool          // what was said before was made up: the engine has not computed it
	Request          openai.Request
	Reply            openai.Reply // set by whoever asks, as is Err
	Err              error

	user *user
}

// Seat is a place in the crowd at the start.
type Seat struct {
	Asked int           // questions its user asked before the start; all of them: the seat is free
	Due   time.Duration // when the user, or the next one on a free seat, asks
}

// Config is how a crowd behaves. Its offsets count from the start of the run.
type Config struct {
	Rounds  int           // questions of each user
	Gap     time.Duration // between two questions of a user; more when the answer takes longer
	FirstID int           // of the first user; ids never repeat
	Seats   []Seat        // the crowd is never larger

	// A user whose last answer is there leaves a free seat. Its next user
	// comes SeatTime after the one before came; or, with SeatTime 0, JoinGap
	// after the last user that came to any seat. Neither comes before the
	// seat is free.
	SeatTime, JoinGap time.Duration

	// New is the conversation of a user who asked so many questions before.
	New func(user, asked int) Conversation
	// Final is told each turn once, when all about it is known.
	Final func(*Turn)
}

// Crowd is the plan of a run (see package schedule).
//
// A turn is due one gap after the turn before was due, or when that one was
// answered if this is later: waiting for an answer is the workload, whatever
// else delays a question is lateness.
type Crowd struct {
	config   Config
	nextID   int
	events   events
	free     []*seat // waiting for the next join, longest first
	lastJoin time.Duration
}

// New is a crowd with its seats taken.
func New(config Config) *Crowd {
	c := &Crowd{config: config, nextID: config.FirstID}
	for _, s := range config.Seats {
		place := &seat{came: s.Due - time.Duration(s.Asked)*config.Gap}
		if s.Asked < config.Rounds {
			c.events.add(event{due: s.Due, seat: place, user: c.enter(place, s.Asked)})
		} else {
			c.vacate(place, s.Due)
		}
	}
	return c
}

type seat struct {
	came time.Duration // when its user came
}

type user struct {
	id           int
	seat         *seat
	asked        int
	answered     int
	simulated    bool
	conversation Conversation
}

func (c *Crowd) enter(place *seat, asked int) *user {
	u := &user{id: c.nextID, seat: place, asked: asked, simulated: asked > 0}
	c.nextID++
	if c.config.New != nil {
		u.conversation = c.config.New(u.id, asked)
	}
	return u
}

// LastID is the highest user id given so far; FirstID-1 before any.
func (c *Crowd) LastID() int { return c.nextID - 1 }

// Next is part of schedule.Plan.
func (c *Crowd) Next() (time.Duration, bool) {
	if len(c.events.list) == 0 {
		return 0, false
	}
	return c.events.list[0].due, true
}

// Start is part of schedule.Plan.
func (c *Crowd) Start() *Turn {
	e := heap.Pop(&c.events).(event)
	u := e.user
	if u == nil {
		e.seat.came = e.due
		u = c.enter(e.seat, 0)
		c.joined(e.due)
	}
	u.asked++
	turn := &Turn{User: u.id, Question: u.asked, Due: e.due, SimulatedHistory: u.simulated, user: u}
	if u.conversation != nil {
		turn.Request = u.conversation.Ask(u.asked)
	}
	return turn
}

// Done is part of schedule.Plan.
func (c *Crowd) Done(turn *Turn) {
	u := turn.user
	turn.Answer = u.answered + 1
	if turn.Err == nil {
		u.answered++
		u.simulated = false
		if u.conversation != nil {
			u.conversation.Hear(turn.Reply.Text)
		}
	}
	if c.config.Final != nil {
		c.config.Final(turn)
	}
	if u.asked < c.config.Rounds {
		c.events.add(event{due: max(turn.Due+c.config.Gap, turn.Ended), seat: u.seat, user: u})
		return
	}
	c.vacate(u.seat, turn.Ended)
}

// vacate plans when the next user comes to a seat that is free from then on.
func (c *Crowd) vacate(place *seat, from time.Duration) {
	if c.config.SeatTime > 0 {
		c.events.add(event{due: max(place.came+c.config.SeatTime, from), seat: place})
		return
	}
	c.free = append(c.free, place)
	if len(c.free) == 1 {
		c.events.add(event{due: max(c.lastJoin+c.config.JoinGap, from), seat: place})
	}
}

// joined plans the next join while more seats are free.
func (c *Crowd) joined(at time.Duration) {
	if c.config.SeatTime > 0 {
		return
	}
	c.lastJoin = at
	c.free = c.free[1:]
	if len(c.free) > 0 {
		c.events.add(event{due: at + c.config.JoinGap, seat: c.free[0]})
	}
}
