// Command strict-synthetic is LMBench's multi-round workload with strict timing: a
// user sends each request on schedule, even if the previous answer is not complete,
// with synthetic answers in its history.
package main

import (
	"fmt"
	"os"

	"github.com/LMCache/LMBench/tools/load/params"
	"github.com/LMCache/LMBench/tools/load/runner"
	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/results/record"
)

const about = `strict-synthetic: users send requests on schedule, regardless of responses.

New users arrive at a constant rate. Each sends NUM_ROUNDS_PER_USER requests,
one every TIME_BETWEEN_REQUESTS_PER_USER seconds, even if the previous answer is
not complete. Histories contain synthetic answers, so prompts do not depend on
the engine's output. Once NUM_CONCURRENT_USERS users are active, the next
NUM_CONCURRENT_USERS users are measured; users keep arriving until the last of
these is done. With KV_REUSE_RATIO below 1, the end of each history is shuffled,
so that a cache can serve only that share of it.`

func main() { os.Exit(runner.Main(new(strict).workload())) }

// strict holds the values of the parameters.
type strict struct {
	common         workload.Common
	users          int // at a time
	rounds         int // requests of each user
	systemLen      int // tokens
	firstLen       int // tokens
	followUpLen    int // tokens
	answerLen      int // tokens
	reuse          float64
	interval       float64 // between two requests of a user, in seconds
	systemPromptAs string
	legacyCap      bool

	window  window // of the current point
	firstID int    // first user id of the current point
	lastID  int    // last user id so far
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
		ResultKeys: []string{"QPS", "TIME_BETWEEN_REQUESTS_PER_USER", "NUM_CONCURRENT_USERS", "NUM_ROUNDS_PER_USER", "SHARED_SYSTEM_PROMPT_LEN",
			"FIRST_PROMPT_LEN", "FOLLOW_UP_PROMPTS_LEN", "ANSWER_LEN", "KV_REUSE_RATIO", "API_TYPE", "IS_STRICT_SYNTHETIC"},
		Common: &s.common,
		Params: []params.Param{
			{Name: "NUM_CONCURRENT_USERS", Flag: "num-concurrent-users", Value: params.Int(&s.users, 1), Help: "concurrent users"},
			{Name: "NUM_ROUNDS_PER_USER", Flag: "num-rounds-per-user", Value: params.Int(&s.rounds, 1), Help: "requests per user"},
			{Name: "SHARED_SYSTEM_PROMPT_LEN", Flag: "shared-system-prompt-len", Value: params.Int(&s.systemLen, 0), Help: "tokens of the system prompt that all users share"},
			{Name: "FIRST_PROMPT_LEN", Flag: "first-prompt-len", Value: params.Int(&s.firstLen, 0), Help: "tokens of a user's first prompt"},
			{Name: "FOLLOW_UP_PROMPTS_LEN", Flag: "follow-up-prompts-len", Value: params.Int(&s.followUpLen, 0), Help: "tokens of each later prompt, without the history"},
			{Name: "ANSWER_LEN", Flag: "answer-len", Value: params.Int(&s.answerLen, 1), Help: "maximum tokens per answer, and length of the synthetic answers"},
			{Name: "KV_REUSE_RATIO", Flag: "kv-reuse-ratio", Value: params.Fraction(&s.reuse), Default: "1.0", Help: "share of a history that is not shuffled"},
			{Flag: "system-prompt-as", Value: params.Choice(&s.systemPromptAs, "user", "system", "merged"), Default: "user",
				Help: "role of the system prompt: user, system, or merged with the first prompt for chat templates that require alternating roles"},
			{Flag: "legacy-cap", Value: params.Bool(&s.legacyCap), Default: "false",
				Help: "admit no user while NUM_CONCURRENT_USERS are active, as in the original; a slow engine then gets less load"},
		},
		Layout: record.Strict(),
		File:   func(string) string { return "strict_synthetic_output_" + s.qps() },
		ResultValues: func(string) map[string]string {
			return map[string]string{"QPS": s.qps(), "IS_STRICT_SYNTHETIC": "true"}
		},
		Stages:   s.stages,
		Row:      s.row,
		Describe: s.window.describe,
	}
}

// rate returns the requests per second once all concurrent users have arrived.
func (s *strict) rate() float64 { return float64(s.users) / s.interval }

// qps returns the rate as the original writes it in file names and results.
func (s *strict) qps() string { return fmt.Sprintf("%.2f", s.rate()) }
