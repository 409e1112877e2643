// Command agentic is LMBench's multi-agent workload: each request of a user goes to
// the next agent, together with the previous agent's answer.
package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/LMCache/LMBench/tools/load/params"
	"github.com/LMCache/LMBench/tools/load/runner"
	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/results/record"
)

const about = `agentic: agents take turns, each continuing from the previous agent's answer.

A new user arrives every NEW_USER_INTERVAL seconds and sends NUM_ROUNDS requests,
one per second, or later if the previous answer takes longer. Request k goes to
agent (k-1) mod NUM_AGENTS. Agents may be different models: MODEL is one name for
all, or a list of NUM_AGENTS names separated by spaces. The prompt consists of
the previous agent's answer and a new question; with --whole-history, of the
whole conversation. A user whose request fails sends no more. The number of
concurrent users is unlimited unless --max-users is set.`

func main() { os.Exit(runner.Main(new(agentic).workload())) }

// agentic holds the values of the parameters.
type agentic struct {
	common       workload.Common
	warmUpUsers  int // the warm-up's length in half seconds
	agents       int
	rounds       int           // requests of each user
	systemLen    int           // tokens
	historyLen   int           // tokens
	answerLen    int           // tokens
	maxUsers     int           // at a time; 0 means unlimited
	interval     float64       // between two arrivals of users, in seconds
	gap          time.Duration // between two requests of a user
	wholeHistory bool
	traceFile    string

	models  []string // one for all agents, or one for each
	traces  []trace  // one for each user; nil without a trace file
	skipped []string // notes about invalid lines of the trace file
	nextID  int      // first user id that earlier points of the sweep have not used
}

func (a *agentic) workload() workload.Workload {
	return workload.Workload{
		Name:    "agentic",
		Script:  "run_agentic.sh",
		About:   about,
		Example: "meta-llama/Llama-3.1-8B-Instruct http://localhost:30080 my-baseline 20 4 8 100 2000 100 my-suite 0 spec.yaml session-1 2 1",
		Positional: []string{"MODEL", "BASE_URL", "KEY", "NUM_USERS_WARMUP", "NUM_AGENTS", "NUM_ROUNDS", "SYSTEM_PROMPT", "CHAT_HISTORY",
			"ANSWER_LEN", "NAME", "SERVING_INDEX", "SPEC_FILE_PATH", "LMBENCH_SESSION_ID"},
		Point:      params.Param{Name: "NEW_USER_INTERVAL", Flag: "new-user-interval", Value: params.Positive(&a.interval), Help: "seconds between the arrivals of two users"},
		Points:     []string{"2"},
		Time:       "100",
		ResultKeys: []string{"NUM_USERS_WARMUP", "NUM_AGENTS", "NUM_ROUNDS", "SYSTEM_PROMPT", "CHAT_HISTORY", "ANSWER_LEN", "NEW_USER_INTERVAL"},
		Common:     &a.common,
		Params: []params.Param{
			{Name: "NUM_USERS_WARMUP", Value: params.Int(&a.warmUpUsers, 0), IfNone: "0", Help: "twice the seconds of warm-up"},
			{Name: "NUM_AGENTS", Flag: "num-agents", Value: params.Int(&a.agents, 1), Help: "number of agents"},
			{Name: "NUM_ROUNDS", Flag: "num-rounds", Value: params.Int(&a.rounds, 1), ReplacedBy: "trace-file", Help: "requests per user, over all agents"},
			{Name: "SYSTEM_PROMPT", Flag: "shared-system-prompt", Value: params.Int(&a.systemLen, 0), ReplacedBy: "trace-file", Help: "tokens of the system prompt that all users share"},
			{Name: "CHAT_HISTORY", Flag: "user-history-prompt", Value: params.Int(&a.historyLen, 0), ReplacedBy: "trace-file", Help: "tokens of each user's own history"},
			{Name: "ANSWER_LEN", Flag: "answer-len", Value: params.Int(&a.answerLen, 1), ReplacedBy: "trace-file", Help: "maximum tokens per answer"},
			{Flag: "user-request-interval", Value: params.Seconds(&a.gap), Default: "1", Help: "seconds between two requests of a user"},
			{Flag: "whole-history", Value: params.Bool(&a.wholeHistory), Default: "false", Help: "send the whole conversation to every agent"},
			{Flag: "max-users", Value: params.Int(&a.maxUsers, 0), Default: "0", Help: "maximum number of concurrent users; 0: unlimited"},
			{Flag: "trace-file", Value: params.OptionalText(&a.traceFile), Help: "JSONL file with the requests of each user, instead of rounds and lengths"},
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
		return fmt.Errorf("MODEL has %d names for %d agents: want one name, or one for each agent", len(a.models), a.agents)
	}
	if a.traceFile == "" {
		return nil
	}
	var err error
	a.traces, a.skipped, err = openTraces(a.traceFile, a.agents)
	return err
}
