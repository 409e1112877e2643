// Agentic is LMBench's workload of agents that hand their answers on: each
// request of a user goes to the next agent, with the answer of the one before.
package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/LMCache/LMBench/tools/load/params"
	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/results/record"
)

const about = `agentic: agents take turns, each with the answer of the one before.

A new user comes every NEW_USER_INTERVAL seconds and makes NUM_ROUNDS requests,
one a second or when the answer before is there. Request k goes to agent
(k-1) mod NUM_AGENTS, each of which may be another model: MODEL is one name for
all, or a list of NUM_AGENTS names with spaces between. An agent sees the answer
of the one before and a new question; with --whole-history all that was said. A
user whose request fails makes no more. Nothing limits how many users there are,
unless --max-users does.`

func main() { os.Exit(workload.Main(new(agentic).workload())) }

type agentic struct {
	common                                                                  workload.Common
	warmUpUsers, agents, rounds, systemLen, historyLen, answerLen, maxUsers int
	interval                                                                float64       // s between users
	gap                                                                     time.Duration // between requests of a user
	wholeHistory                                                            bool
	traceFile                                                               string

	models  []string // of each agent
	traces  []trace  // of each user, if there is a trace file
	skipped []string // its lines that are none
	nextID  int      // of the next point's first user, if above what the parameters say
}

func (a *agentic) workload() workload.Workload {
	return workload.Workload{
		Name:    "agentic",
		Script:  "run_agentic.sh",
		About:   about,
		Example: "meta-llama/Llama-3.1-8B-Instruct http://localhost:30080 my-baseline 20 4 8 100 2000 100 my-suite 0 spec.yaml session-1 2 1",
		Positional: []string{"MODEL", "BASE_URL", "KEY", "NUM_USERS_WARMUP", "NUM_AGENTS", "NUM_ROUNDS", "SYSTEM_PROMPT", "CHAT_HISTORY",
			"ANSWER_LEN", "NAME", "SERVING_INDEX", "SPEC_FILE_PATH", "LMBENCH_SESSION_ID"},
		Point:  params.Param{Name: "NEW_USER_INTERVAL", Flag: "new-user-interval", Value: params.Positive(&a.interval), Help: "seconds between users"},
		Points: []string{"2"},
		Time:   "100",
		Pairs:  []string{"NUM_USERS_WARMUP", "NUM_AGENTS", "NUM_ROUNDS", "SYSTEM_PROMPT", "CHAT_HISTORY", "ANSWER_LEN", "NEW_USER_INTERVAL"},
		Common: &a.common,
		Params: []params.Param{
			{Name: "NUM_USERS_WARMUP", Value: params.Int(&a.warmUpUsers, 0), IfNone: "0", Help: "twice the seconds of warm-up"},
			{Name: "NUM_AGENTS", Flag: "num-agents", Value: params.Int(&a.agents, 1), Help: "agents that take turns"},
			{Name: "NUM_ROUNDS", Flag: "num-rounds", Value: params.Int(&a.rounds, 1), ReplacedBy: "trace-file", Help: "requests of each user, of all agents together"},
			{Name: "SYSTEM_PROMPT", Flag: "shared-system-prompt", Value: params.Int(&a.systemLen, 0), ReplacedBy: "trace-file", Help: "tokens of the system prompt all users share"},
			{Name: "CHAT_HISTORY", Flag: "user-history-prompt", Value: params.Int(&a.historyLen, 0), ReplacedBy: "trace-file", Help: "tokens of each user's own history"},
			{Name: "ANSWER_LEN", Flag: "answer-len", Value: params.Int(&a.answerLen, 1), ReplacedBy: "trace-file", Help: "tokens of an answer at most"},
			{Flag: "user-request-interval", Value: params.Seconds(&a.gap), Default: "1", Help: "seconds between two requests of a user"},
			{Flag: "whole-history", Value: params.Bool(&a.wholeHistory), Default: "false", Help: "agents see all that was said"},
			{Flag: "max-users", Value: params.Int(&a.maxUsers, 0), Default: "0", Help: "users at a time at most; 0: any number"},
			{Flag: "trace-file", Value: params.OptionalText(&a.traceFile), Help: "JSONL of what each user asks, in place of rounds and lengths"},
		},
		Layout:     record.Agentic(),
		Check:      a.check,
		MoreModels: func(string) bool { return true },
		Stages:     a.stages,
		Row:        a.row,
	}
}

func (a *agentic) check() error {
	a.models = strings.Fields(a.common.Model)
	if len(a.models) != 1 && len(a.models) != a.agents {
		return fmt.Errorf("MODEL names %d models for %d agents: want one, or one for each", len(a.models), a.agents)
	}
	if a.traceFile == "" {
		return nil
	}
	var err error
	a.traces, a.skipped, err = openTraces(a.traceFile, a.agents)
	return err
}
