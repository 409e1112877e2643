package main

import (
	"time"

	"github.com/LMCache/LMBench/tools/data/chat"
	"github.com/LMCache/LMBench/tools/load/closedloop"
	"github.com/LMCache/LMBench/tools/load/schedule"
	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/results/record"
)

// stages returns the load of one point: an optional warm-up, which reaches every
// agent, then the measured stage. The warm-up uses the ids of the first measured
// users. Otherwise every user id is used only once in a sweep.
func (a *agentic) stages(alone bool) []workload.Stage {
	first := max(a.common.InitUserID+1, a.nextID)
	var stages []workload.Stage
	if seconds := a.warmUpUsers / 2; seconds > 0 && !alone {
		stages = append(stages, a.stage("warm-up", first, max(2, a.agents), time.Second, 2*time.Second, time.Duration(seconds)*time.Second))
	}
	measured := a.stage("measured", first, a.rounds, a.gap, schedule.Seconds(a.interval), a.common.Time)
	measured.Notes = a.skipped
	if a.traces == nil && a.maxUsers == 0 {
		measured.Offered = float64(a.rounds) / a.interval
	}
	return append(stages, measured)
}

func (a *agentic) stage(name string, first, rounds int, gap, interval, length time.Duration) workload.Stage {
	config := closedloop.Config{Rounds: rounds, Gap: gap, FirstID: first, EndOnFailure: true}
	config.ArrivalGap, config.Open, config.TotalUsers = interval, a.maxUsers == 0, len(a.traces)
	for range a.maxUsers {
		config.Slots = append(config.Slots, closedloop.Slot{Asked: rounds})
	}
	if a.traces != nil {
		config.RoundsOf = func(user int) int { return len(a.traces[user-first]) }
	}
	stage := workload.Stage{Name: name, For: length, Plan: func(control workload.Control) workload.Plan {
		config.Final = control.Final
		if a.traces == nil && a.warmUpUsers < 2 {
			config.Uncached = a.uncachedShare
		}
		config.NewConversation = func(user, _ int) closedloop.Conversation { return a.conversation(user, user-first) }
		return closedloop.New(config)
	}}
	if length > 0 {
		stage.Planned, _ = closedloop.Offered(config, length)
		a.nextID = max(a.nextID, first+int((length-1)/interval)+1) // users arrive at 0, interval, 2*interval …
	}
	return stage
}

// uncachedShare returns the share of a prompt that no cache can contain: in a user's
// first question everything but the shared system prompt. It is used only without a
// warm-up, which sends the same questions for an unknown number of users.
func (a *agentic) uncachedShare(_, question int) float64 {
	if question > 1 || a.historyLen == 0 {
		return 0
	}
	return float64(a.historyLen) / float64(a.historyLen+a.systemLen)
}

// row adds the agent, the prompt and the answer.
func (a *agentic) row(request *workload.Request, row *record.Row) bool {
	text := request.Payload.Prompt
	if request.Payload.Messages != nil {
		text = chat.Flatten(request.Payload.Messages)
	}
	row.Agent = (request.Question - 1) % a.agents
	row.Input, row.Output = text.String(), request.Reply.Text
	return true
}
