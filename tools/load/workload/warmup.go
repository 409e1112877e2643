package workload

import (
	"fmt"
	"strings"
	"time"

	"github.com/LMCache/LMBench/tools/data/chat"
	"github.com/LMCache/LMBench/tools/load/schedule"
)

// EngineWarmUp returns a stage of ten short requests at once, without users. If the
// engine answers none of them, the point fails before its load begins.
func EngineWarmUp(c *Common) Stage {
	const requests, words, answerTokens = 10, 100, 100
	return Stage{Name: "engine warm-up", Required: true, Plan: func(control Control) Plan {
		return &OpenLoop{Arrivals: schedule.Times(make([]time.Duration, requests)), Final: control.Final, Item: func(i int, _ time.Duration) *Request {
			text := fmt.Sprintf("WARMUP: Hi, I'm user %d. Here are some text: %s.", i, strings.Repeat("hi ", words))
			conversation := []chat.Message{{Role: chat.User, Content: chat.Text{text}}}
			return &Request{Payload: c.Request(conversation, "", answerTokens)}
		}}
	}}
}
