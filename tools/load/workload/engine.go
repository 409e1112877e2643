package workload

import (
	"fmt"
	"strings"
	"time"

	"github.com/LMCache/LMBench/tools/data/chat"
)

// EngineWarmUp is ten short requests at once, without users. If the engine
// answers none of them the point is over before its load begins.
func EngineWarmUp(c *Common) Stage {
	const requests, words, answer = 10, 100, 100
	return Stage{Name: "engine warm-up", Vital: true, Plan: func(control Control) Plan {
		plan := &burst{final: control.Final}
		for i := range requests {
			text := fmt.Sprintf("WARMUP: Hi, I'm user %d. Here are some text: %s.", i, strings.Repeat("hi ", words))
			conversation := []chat.Message{{Role: chat.User, Content: chat.Text{text}}}
			plan.turns = append(plan.turns, &Request{Payload: c.Request(conversation, "", answer)})
		}
		return plan
	}}
}

// burst is a plan of turns that are all due at the start.
type burst struct {
	turns []*Request
	final func(*Request)
}

func (b *burst) Next() (time.Duration, bool) { return 0, len(b.turns) > 0 }

func (b *burst) Start() *Request {
	turn := b.turns[0]
	b.turns = b.turns[1:]
	return turn
}

func (b *burst) Done(turn *Request) { b.final(turn) }
