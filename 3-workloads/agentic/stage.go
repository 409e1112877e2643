package main

import (
	"time"

	"github.com/LMCache/LMBench/tools/data/chat"
	"github.com/LMCache/LMBench/tools/load/closedloop"
	"github.com/LMCache/LMBench/tools/load/schedule"
	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/results/record"
)

// stages are one point. Its warm-up has the ids of its first users and reaches
// every agent; no id is used by two points.
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

func (a *agentic) stage(name string, first, rounds int, gap, interval, runs time.Duration) workload.Stage {
	config := closedloop.Config{Rounds: rounds, Gap: gap, FirstID: first, EndOnFailure: true}
	config.ArrivalGap, config.Open, config.TotalUsers = interval, a.maxUsers == 0, len(a.traces)
	for range a.maxUsers {
		config.Slots = append(config.Slots, closedloop.Slot{Asked: rounds})
	}
	if a.traces != nil {
		config.RoundsOf = func(user int) int { return len(a.traces[user-first]) }
	}
	stage := workload.Stage{Name: name, For: runs, Plan: func(control workload.Control) workload.Plan {
		config.Final = control.Final
		if a.traces == nil && a.warmUpUsers < 2 {
			config.Uncached = a.cold
		}
		config.NewConversation = func(user, _ int) closedloop.Conversation { return a.converse(user, user-first) }
		return closedloop.New(config)
	}}
	if runs > 0 {
		stage.Planned, _ = closedloop.Offered(config, runs)
		a.nextID = max(a.nextID, first+int((runs-1)/interval)+1) // one user every interval at most, the first at once
	}
	return stage
}

// cold is a user's first question, but for the system prompt that all share: who
// was warmed up is not known, so without a warm-up only.
func (a *agentic) cold(_, question int) float64 {
	if question > 1 || a.historyLen == 0 {
		return 0
	}
	return float64(a.historyLen) / float64(a.historyLen+a.systemLen)
}

// row adds who was asked, what was sent and what came back.
func (a *agentic) row(turn *workload.Request, row *record.Row) bool {
	text := turn.Payload.Prompt
	if turn.Payload.Messages != nil {
		text = chat.Flatten(turn.Payload.Messages)
	}
	row.Agent = (turn.Question - 1) % a.agents
	row.Input, row.Output = text.String(), turn.Reply.Text
	return true
}
