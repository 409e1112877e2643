// Package closedloop plans the requests of users who hold multi-round
// conversations in a closed loop: a user asks, waits for the answer, asks again.
package closedloop

import (
	"container/heap"
	"time"

	"github.com/LMCache/LMBench/tools/engine/openai"
	"github.com/LMCache/LMBench/tools/load/workload"
)

// A Conversation makes the requests of one user.
type Conversation interface {
	// NextRequest returns the request for question k, counted from 1, with the
	// conversation so far.
	NextRequest(k int) openai.Request
	// OnResponse adds the answer to the last question. It is not called for a
	// question that failed.
	OnResponse(answer string)
}

// A Slot is a place for a user at the start of the run.
type Slot struct {
	Asked int           // questions that its user has already asked; if all, the slot is free
	Due   time.Duration // when the user asks the next one, or the earliest arrival at a free slot
}

// Config describes a population. Its offsets count from the start of the run.
type Config struct {
	Rounds  int           // questions of each user, unless RoundsOf is set
	Gap     time.Duration // between two questions of a user; longer if the answer takes longer
	FirstID int           // id of the first user; ids are never used twice

	Overlap      bool // a question does not wait for the answer to the one before
	EndOnFailure bool // a user whose question fails asks no more

	Arrivals

	// RoundsOf, if not nil, returns how many questions a user asks, at least one.
	RoundsOf func(user int) int
	// NewConversation returns the conversation of a user who has asked some
	// questions before the run.
	NewConversation func(user, asked int) Conversation
	// Uncached returns the share of a question's prompt that no cache can contain
	// unless another run put it there. It may be nil.
	Uncached func(user, question int) float64
	// Final is called once for each request, after it has ended. It may be nil.
	Final func(*workload.Request)
	// OnLeave is called when a user has received its last answer. It may be nil.
	OnLeave func(user int)
}

// A Population is a schedule.Plan of users.
//
// A question is due one gap after the question before was due, or when that one
// was answered if this is later: waiting for an answer is part of the workload,
// any other delay is lateness.
type Population struct {
	config Config
	nextID int
	events events
	arrivalState
}

// New returns a population with its initial users.
func New(config Config) *Population {
	p := &Population{config: config, nextID: config.FirstID}
	p.nextArrival = config.FirstArrival
	for _, s := range config.Slots {
		place := &slot{arrived: s.Due - time.Duration(s.Asked)*config.Gap}
		if s.Asked < config.Rounds {
			p.events.add(event{due: s.Due, slot: place, user: p.arrive(place, s.Asked, s.Due)})
		} else {
			p.release(place, s.Due)
		}
	}
	if config.Open {
		p.events.add(event{due: p.nextArrival, slot: &slot{}})
	}
	return p
}

// A user is the state of one conversation.
type user struct {
	id           int
	slot         *slot
	rounds       int
	ideal        time.Duration // when the next question would be due if every answer came in time
	asked        int
	answered     int
	underWay     int
	failed       bool
	simulated    bool // its history so far is synthetic
	conversation Conversation
}

// arrive returns a new user, who has asked some questions already.
func (p *Population) arrive(place *slot, asked int, due time.Duration) *user {
	u := &user{id: p.nextID, slot: place, rounds: p.config.Rounds, ideal: due, asked: asked, simulated: asked > 0}
	p.nextID++
	p.arrivals++
	if p.config.RoundsOf != nil {
		u.rounds = p.config.RoundsOf(u.id)
	}
	if p.config.NewConversation != nil {
		u.conversation = p.config.NewConversation(u.id, asked)
	}
	return u
}

// Next implements schedule.Plan.
func (p *Population) Next() (time.Duration, bool) {
	if len(p.events.list) == 0 {
		return 0, false
	}
	return p.events.list[0].due, true
}

// Start implements schedule.Plan.
func (p *Population) Start() *workload.Request {
	e := heap.Pop(&p.events).(event)
	u := e.user
	if u == nil {
		e.slot.arrived = e.due
		u = p.arrive(e.slot, 0, e.due)
		p.planArrival(e.due)
	}
	u.asked++
	u.underWay++
	request := &workload.Request{User: u.id, Question: u.asked, Due: e.due, CarriedOver: e.due - u.ideal, SimulatedHistory: u.simulated, Owner: u}
	u.ideal += p.config.Gap
	if p.config.Uncached != nil {
		request.UncachedShare = p.config.Uncached(u.id, u.asked)
	}
	if u.conversation != nil {
		request.Payload = u.conversation.NextRequest(u.asked)
	}
	if p.config.Overlap && u.asked < u.rounds {
		p.events.add(event{due: e.due + p.config.Gap, slot: u.slot, user: u})
	}
	return request
}

// Done implements schedule.Plan.
func (p *Population) Done(request *workload.Request) {
	u := request.Owner.(*user)
	u.underWay--
	request.Answer = u.answered + 1
	if request.Err == nil {
		u.answered++
		u.simulated = false
		if u.conversation != nil {
			u.conversation.OnResponse(request.Reply.Text)
		}
	}
	u.failed = u.failed || request.Err != nil && p.config.EndOnFailure
	if p.config.Final != nil {
		p.config.Final(request)
	}
	switch {
	case u.asked < u.rounds && !u.failed:
		if !p.config.Overlap {
			p.events.add(event{due: max(request.Due+p.config.Gap, request.Ended), slot: u.slot, user: u})
		}
	case u.underWay == 0:
		if p.config.OnLeave != nil {
			p.config.OnLeave(u.id)
		}
		p.release(u.slot, request.Ended)
	}
}
