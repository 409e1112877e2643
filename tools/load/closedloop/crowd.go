// Package session is a crowd of users who hold multi-round conversations in a
// closed loop: a user asks, waits for the answer, and asks again.
package closedloop

import (
	"container/heap"
	"time"

	"github.com/LMCache/LMBench/tools/engine/openai"
	"github.com/LMCache/LMBench/tools/load/schedule"
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
	Inherited        time.Duration // how far Due lies behind the user's gaps, because answers before were slow
	SimulatedHistory bool          // what was said before was made up: the engine has not computed it
	Cold             float64       // share of the prompt, from 0 to 1, that is in no cache unless another run put it there; 0: not known
	Request          openai.Request
	Dispatch         schedule.Dispatch // set by whoever asks, as are Reply and Err
	Reply            openai.Reply
	Err              error

	user *user
}

// Seat is a place in the crowd at the start.
type Seat struct {
	Asked int           // questions its user asked before the start; all of them: the seat is free
	Due   time.Duration // when the user asks the next one, or until when a free seat stays free
}

// Config is how a crowd behaves. Its offsets count from the start of the run.
type Config struct {
	Rounds  int           // questions of each user, unless RoundsOf tells
	Gap     time.Duration // between two questions of a user; more when the answer takes longer
	FirstID int           // of the first user; ids never repeat

	Overlap      bool // a question does not wait for the answer before it
	EndOnFailure bool // a user whose question fails asks no more

	Joins

	// RoundsOf is for users who do not all ask the same number of questions,
	// but at least one; nil: they do.
	RoundsOf func(user int) int
	// New is the conversation of a user who asked so many questions before.
	New func(user, asked int) Conversation
	// Cold is the share of the prompt of a user's question that no cache can
	// have, unless from another run; nil: not known.
	Cold func(user, question int) float64
	// Final is told each turn once, when all about it is known; nil: nobody is.
	Final func(*Turn)
	// Left is told each user who has asked all and has all answers; nil: nobody is.
	Left func(user int)
}

// Crowd is the plan of a run (see package schedule).
//
// A turn is due one gap after the turn before was due, or when that one was
// answered if this is later: waiting for an answer is the workload, whatever
// else delays a question is lateness.
type Crowd struct {
	config Config
	nextID int
	events events
	joining
}

// New is a crowd with its seats taken.
func New(config Config) *Crowd {
	c := &Crowd{config: config, nextID: config.FirstID}
	c.nextJoin = config.FirstJoin
	for _, s := range config.Seats {
		place := &seat{came: s.Due - time.Duration(s.Asked)*config.Gap}
		if s.Asked < config.Rounds {
			c.events.add(event{due: s.Due, seat: place, user: c.enter(place, s.Asked, s.Due)})
		} else {
			c.vacate(place, s.Due)
		}
	}
	if config.Open {
		c.events.add(event{due: c.nextJoin, seat: &seat{}})
	}
	return c
}

type user struct {
	id           int
	seat         *seat
	rounds       int
	nominal      time.Duration // when the next question is due if every answer is there in time
	asked        int
	answered     int
	underWay     int
	failed       bool
	simulated    bool
	conversation Conversation
}

func (c *Crowd) enter(place *seat, asked int, due time.Duration) *user {
	u := &user{id: c.nextID, seat: place, rounds: c.config.Rounds, nominal: due, asked: asked, simulated: asked > 0}
	c.nextID++
	c.joins++
	if c.config.RoundsOf != nil {
		u.rounds = c.config.RoundsOf(u.id)
	}
	if c.config.New != nil {
		u.conversation = c.config.New(u.id, asked)
	}
	return u
}

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
		u = c.enter(e.seat, 0, e.due)
		c.joined(e.due)
	}
	u.asked++
	u.underWay++
	turn := &Turn{User: u.id, Question: u.asked, Due: e.due, Inherited: e.due - u.nominal, SimulatedHistory: u.simulated, user: u}
	u.nominal += c.config.Gap
	if c.config.Cold != nil {
		turn.Cold = c.config.Cold(u.id, u.asked)
	}
	if u.conversation != nil {
		turn.Request = u.conversation.Ask(u.asked)
	}
	if c.config.Overlap && u.asked < u.rounds {
		c.events.add(event{due: e.due + c.config.Gap, seat: u.seat, user: u})
	}
	return turn
}

// Done is part of schedule.Plan.
func (c *Crowd) Done(turn *Turn) {
	u := turn.user
	u.underWay--
	turn.Answer = u.answered + 1
	if turn.Err == nil {
		u.answered++
		u.simulated = false
		if u.conversation != nil {
			u.conversation.Hear(turn.Reply.Text)
		}
	}
	u.failed = u.failed || turn.Err != nil && c.config.EndOnFailure
	if c.config.Final != nil {
		c.config.Final(turn)
	}
	switch {
	case u.asked < u.rounds && !u.failed:
		if !c.config.Overlap {
			c.events.add(event{due: max(turn.Due+c.config.Gap, turn.Ended), seat: u.seat, user: u})
		}
	case u.underWay == 0:
		if c.config.Left != nil {
			c.config.Left(u.id)
		}
		c.vacate(u.seat, turn.Ended)
	}
}
