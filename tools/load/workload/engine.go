package workload

import (
	"fmt"
	"strings"
	"time"

	"github.com/LMCache/LMBench/tools/data/chat"
	"github.com/LMCache/LMBench/tools/load/closedloop"
	"github.com/LMCache/LMBench/tools/load/schedule"
)

// EngineWarmUp is ten short requests at once, without users. If the engine
// answers none of them the point is over before its load begins.
func EngineWarmUp(c *Common) Stage {
	const requests, words, answer = 10, 100, 100
	return Stage{Name: "engine warm-up", Vital: true, Plan: func(control Control) schedule.Plan[*closedloop.Turn] {
		plan := &burst{final: control.Final}
		for i := range requests {
			text := fmt.Sprintf("WARMUP: Hi, I'm user %d. Here are some text: %s.", i, strings.Repeat("hi ", words))
			conversation := []chat.Message{{Role: chat.User, Content: chat.Text{text}}}
			plan.turns = append(plan.turns, &closedloop.Turn{Request: c.Request(conversation, "", answer)})
		}
		return plan
	}}
}

// burst is a plan of turns that are all due at the start.
type burst struct {
	turns []*closedloop.Turn
	final func(*closedloop.Turn)
}

func (b *burst) Next() (time.Duration, bool) { return 0, len(b.turns) > 0 }

func (b *burst) Start() *closedloop.Turn {
	turn := b.turns[0]
	b.turns = b.turns[1:]
	return turn
}

func (b *burst) Done(turn *closedloop.Turn) { b.final(turn) }
