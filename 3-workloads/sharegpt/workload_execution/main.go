// Workload_execution runs the ShareGPT workload. Unlike the other workloads it
// sends real conversations, which prepare_sharegpt_data.sh splits into requests.
package main

import (
	"os"

	"github.com/LMCache/LMBench/tools/load/params"
	"github.com/LMCache/LMBench/tools/load/runner"
	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/results/record"
)

const about = `sharegpt: rounds of real conversations at a constant rate.

Sends the requests of run.json, which prepare_sharegpt_data.sh writes, in the
file's order at QPS requests per second. They do not wait for earlier answers
(open loop). As in LMBench's script, a request contains the inputs of all earlier
rounds sent, and each input repeats the conversation before it. With --history
delta each question is sent once, after the earlier questions and the engine's own
answers. Each point begins with a warm-up: the requests of warmup.json, which are
the rounds before the first ones of run.json.`

func main() { os.Exit(runner.Main(new(shareGPT).workload())) }

type shareGPT struct {
	common                       workload.Common
	qps                          float64
	limit, minRounds, startRound int // expected parameters of the files; 0 in a single run

	file, warmUpFile string
	history          string
	ordered          bool
	maxAnswer        int

	data data // read by check
}

func (s *shareGPT) workload() workload.Workload {
	return workload.Workload{
		Name:    "sharegpt",
		Command: "workload_execution",
		Script:  "run-sharegpt.sh",
		About:   about,
		Example: "meta-llama/Llama-3.1-8B-Instruct http://localhost:30080 my-baseline 1000 5 3 my-suite 0 spec.yaml session-1 1.34 2.0",
		Positional: []string{"MODEL", "BASE_URL", "KEY", "LIMIT", "MIN_ROUNDS", "START_ROUND", "NAME", "SERVING_INDEX",
			"SPEC_FILE_PATH", "LMBENCH_SESSION_ID"},
		Point:      params.Param{Name: "QPS", Flag: "qps", Value: params.Positive(&s.qps), Help: "requests per second"},
		Points:     []string{"1.34"},
		FirstUser:  "0", // user ids are those of the conversations
		ResultKeys: []string{"LIMIT", "MIN_ROUNDS", "START_ROUND", "QPS"},
		Common:     &s.common,
		OpenLoop:   true,
		Params: []params.Param{
			{Name: "LIMIT", Value: params.Int(&s.limit, 1), IfNone: "1000", Help: "--limit that run.json was prepared with"},
			{Name: "MIN_ROUNDS", Value: params.Int(&s.minRounds, 1), IfNone: "5", Help: "--min_rounds that it was prepared with"},
			{Name: "START_ROUND", Value: params.Int(&s.startRound, 0), IfNone: "3", Help: "--start_round that it was prepared with"},
			{Flag: "sharegpt-file", Value: params.Text(&s.file), Default: "round_robin_1000_5.json", SweepDefault: "../run.json", Help: "requests to send"},
			{Flag: "warmup-file", Value: params.OptionalText(&s.warmUpFile), SweepDefault: "../warmup.json", Help: "requests of the warm-up, in a sweep"},
			{Flag: "history", Value: params.Choice(&s.history, "legacy", "delta"), Default: "legacy",
				Help: "legacy: all inputs so far, which repeat the conversation; delta: each question once, with real answers (implies --ordered)"},
			{Flag: "ordered", Value: params.Bool(&s.ordered), Default: "false", Help: "rounds wait for the answer to the previous round"},
			{Flag: "max-answer", Value: params.Int(&s.maxAnswer, 1), Default: "256", Help: "limit of max_tokens, for recorded answers that are longer"},
		},
		Defaults: map[string]string{"api-key": "EMPTY", "output": "../../../4-latest-results/sharegpt-summary.csv"},
		Layout:   record.ShareGPT(),
		Check:    s.check,
		Stages:   s.stages,
		Describe: s.describe,
	}
}
