// Strict-synthetic is LMBench's strictly timed multi-round workload: every user
// sends each request at its time, whether the answer before is there or not,
// with made-up answers in its history.
package main

import (
	"fmt"
	"os"

	"github.com/LMCache/LMBench/tools/load/params"
	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/results/record"
)

const about = `strict-synthetic: users send their requests at fixed times, come what may.

Users come one after the other; each sends NUM_ROUNDS_PER_USER requests, one
every TIME_BETWEEN_REQUESTS_PER_USER seconds, whether the answer before is there
or not. Answers in a history are made up, so prompts do not depend on what the
engine says. When a full crowd is there, the next NUM_CONCURRENT_USERS users are
measured; users keep coming until the last of these is done. With
KV_REUSE_RATIO below 1 the end of every history is shuffled, so that only that
share of it can come from a cache.`

func main() { os.Exit(workload.Main(new(strict).workload())) }

type strict struct {
	common                                          workload.Common
	users, rounds, systemLen, firstLen, followUpLen int
	answerLen                                       int
	reuse                                           float64
	interval                                        float64 // s
	systemPromptAs                                  string
	legacyCap                                       bool

	window          // of the point under way
	firstID, lastID int
}

func (s *strict) workload() workload.Workload {
	return workload.Workload{
		Name:    "strict_synthetic",
		Script:  "run_strict_synthetic.sh",
		About:   about,
		Example: "meta-llama/Llama-3.1-8B-Instruct http://localhost:30080 my-baseline 20 15 1000 15000 100 100 1.0 completions my-suite 0 spec.yaml session-1 10 5",
		Positional: []string{"MODEL", "BASE_URL", "KEY", "NUM_CONCURRENT_USERS", "NUM_ROUNDS_PER_USER", "SHARED_SYSTEM_PROMPT_LEN",
			"FIRST_PROMPT_LEN", "FOLLOW_UP_PROMPTS_LEN", "ANSWER_LEN", "KV_REUSE_RATIO", "API_TYPE", "NAME", "SERVING_INDEX",
			"SPEC_FILE_PATH", "LMBENCH_SESSION_ID"},
		Point: params.Param{Name: "TIME_BETWEEN_REQUESTS_PER_USER", Flag: "time-between-requests-per-user",
			Value: params.Positive(&s.interval), Help: "seconds between two requests of a user"},
		Cooldown: "0", FailFast: true, NoPodLogs: true,
		Pairs: []string{"QPS", "TIME_BETWEEN_REQUESTS_PER_USER", "NUM_CONCURRENT_USERS", "NUM_ROUNDS_PER_USER", "SHARED_SYSTEM_PROMPT_LEN",
			"FIRST_PROMPT_LEN", "FOLLOW_UP_PROMPTS_LEN", "ANSWER_LEN", "KV_REUSE_RATIO", "API_TYPE", "IS_STRICT_SYNTHETIC"},
		Common: &s.common,
		Params: []params.Param{
			{Name: "NUM_CONCURRENT_USERS", Flag: "num-concurrent-users", Value: params.Int(&s.users, 1), Help: "users at a time"},
			{Name: "NUM_ROUNDS_PER_USER", Flag: "num-rounds-per-user", Value: params.Int(&s.rounds, 1), Help: "requests of each user"},
			{Name: "SHARED_SYSTEM_PROMPT_LEN", Flag: "shared-system-prompt-len", Value: params.Int(&s.systemLen, 0), Help: "tokens of the system prompt all users share"},
			{Name: "FIRST_PROMPT_LEN", Flag: "first-prompt-len", Value: params.Int(&s.firstLen, 0), Help: "tokens of a user's first prompt"},
			{Name: "FOLLOW_UP_PROMPTS_LEN", Flag: "follow-up-prompts-len", Value: params.Int(&s.followUpLen, 0), Help: "tokens of the others"},
			{Name: "ANSWER_LEN", Flag: "answer-len", Value: params.Int(&s.answerLen, 1), Help: "tokens of an answer at most, and of a made-up one"},
			{Name: "KV_REUSE_RATIO", Flag: "kv-reuse-ratio", Value: params.Fraction(&s.reuse), Default: "1.0", Help: "share of a history that stays as it was"},
			{Flag: "system-prompt-as", Value: params.Choice(&s.systemPromptAs, "user", "system", "merged"), Default: "user",
				Help: "its role, or merged with the first prompt, for chat templates that want turns to alternate"},
			{Flag: "legacy-cap", Value: params.Bool(&s.legacyCap), Default: "false",
				Help: "no user comes while NUM_CONCURRENT_USERS are there, as in the original: a slow engine then gets less load"},
		},
		Layout: record.Strict(),
		File:   func(string) string { return "strict_synthetic_output_" + s.qps() },
		Values: func(string) map[string]string {
			return map[string]string{"QPS": s.qps(), "IS_STRICT_SYNTHETIC": "true"}
		},
		Stages:   s.stages,
		Row:      s.row,
		Describe: s.window.describe,
	}
}

// rate is the requests a second that the crowd sends when it is complete.
func (s *strict) rate() float64 { return float64(s.users) / s.interval }

// qps is the rate as the original names it in files and results.
func (s *strict) qps() string { return fmt.Sprintf("%.2f", s.rate()) }
