// Sharegpt is LMBench's load of real conversations: the rounds that
// prepare_sharegpt_data.sh cut, sent one by one at a given rate.
package main

import (
	"os"

	"github.com/LMCache/LMBench/tools/load/params"
	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/results/record"
)

const about = `sharegpt: rounds of real conversations, sent at a steady rate.

The requests of run.json, which prepare_sharegpt_data.sh makes, are sent in its
order, exactly QPS a second, whatever becomes of those before. As the original
does, a request holds the inputs of its conversation so far, each of which holds
all that was said before it in the dataset. --history delta sends each question
once instead, after the questions and the engine's own answers before it.
Before each point warmup.json is sent: the round before the first of run.json.`

func main() { os.Exit(workload.Main(new(shareGPT).workload())) }

type shareGPT struct {
	common                       workload.Common
	qps                          float64
	limit, minRounds, startRound int // what the files should have been made with; 0, 0, 0 in a single run

	file, warmUpFile string
	history          string
	ordered          bool
	maxAnswer        int

	data data // of the files, once they are checked
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
		Point:     params.Param{Name: "QPS", Flag: "qps", Value: params.Positive(&s.qps), Help: "requests a second"},
		Points:    []string{"1.34"},
		FirstUser: "0", // users are the dataset's conversations
		Pairs:     []string{"LIMIT", "MIN_ROUNDS", "START_ROUND", "QPS"},
		Common:    &s.common,
		OpenLoop:  true,
		Params: []params.Param{
			{Name: "LIMIT", Value: params.Int(&s.limit, 1), IfNone: "1000", Help: "conversations that were taken from the dataset"},
			{Name: "MIN_ROUNDS", Value: params.Int(&s.minRounds, 1), IfNone: "5", Help: "rounds they were cut to"},
			{Name: "START_ROUND", Value: params.Int(&s.startRound, 0), IfNone: "3", Help: "the first round that is sent"},
			{Flag: "sharegpt-file", Value: params.Text(&s.file), Default: "round_robin_1000_5.json", SweepDefault: "../run.json", Help: "requests to send"},
			{Flag: "warmup-file", Value: params.OptionalText(&s.warmUpFile), SweepDefault: "../warmup.json", Help: "requests to send before, in a sweep"},
			{Flag: "history", Value: params.Choice(&s.history, "legacy", "delta"), Default: "legacy",
				Help: "legacy: the inputs so far, repeating what was said; delta: each question once, with real answers (implies --ordered)"},
			{Flag: "ordered", Value: params.Bool(&s.ordered), Default: "false", Help: "a round waits for the answer to the one before it"},
			{Flag: "max-answer", Value: params.Int(&s.maxAnswer, 1), Default: "256", Help: "tokens of an answer at most, whatever the dataset's had"},
		},
		Defaults: map[string]string{"api-key": "EMPTY", "output": "../../../4-latest-results/sharegpt-summary.csv"},
		Layout:   record.ShareGPT(),
		Check:    s.check,
		Stages:   s.stages,
		Describe: s.describe,
	}
}
