// Vllm-benchmark-serving is vLLM's serving benchmark: it sends the prompts of a data set
// at a given rate and measures them by vLLM's definitions.
//
// A run goes through these files: options.go reads the flags, check.go checks them,
// model.go and prompts.go make the requests, arrivals.go says when they are due, queue.go
// sends them to one of the APIs of backend.go, outcome.go records how each went,
// summary.go computes vLLM's figures, and table.go and result.go write them.
package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/LMCache/LMBench/tools/data/dataset"
	"github.com/LMCache/LMBench/tools/load/params"
	"github.com/LMCache/LMBench/tools/load/runner"
	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/results/record"
)

const about = `vllm-benchmark-serving: send the prompts of a data set at a given rate.

NUM_PROMPTS requests are sent at REQUEST_RATE requests a second, no matter how fast
the engine answers: at random intervals (--burstiness), or all at once if the rate
is inf. The figures are those of vLLM's own benchmark, under the same names; figures
of the same requests by LMBench's definitions are added.

Data sets: random, sharegpt, sonnet, burstgpt, custom (an object {"prompt": …} in
each line), hf (DATASET_PATH names one on the Hugging Face hub). Without a
DATASET_PATH the public file of sharegpt, sonnet and burstgpt is downloaded once.

Files of a point, in 4-latest-results: KEY_vllm_benchmark_RATE_TIME.json and .csv
with the figures, KEY_vllm_benchmark_RATE_TIME_requests.csv with the requests.`

func main() { os.Exit(runner.Main(newServing(os.Getenv, os.Stderr).workload())) }

// serving is the benchmark: its options, and the state of the point that runs.
type serving struct {
	common workload.Common
	options
	getenv   func(string) string
	log      io.Writer
	datasets []dataset.Dataset // that --dataset-name chooses from
	parquet  []string          // command that reads the files of the data set hf

	// Of the point that runs.
	model    model
	requests []dataset.Request
	modules  []string        // LoRA module of each request; nil without --lora-modules
	due      []time.Duration // when each request is due
	outcomes outcomes
}

func newServing(getenv func(string) string, log io.Writer) *serving {
	return &serving{getenv: getenv, log: log, datasets: dataset.All()}
}

func (s *serving) workload() workload.Workload {
	return workload.Workload{
		Name:    "vllm",
		Command: "vllm-benchmark-serving",
		Script:  "run_vllm_benchmark_serving.sh",
		About:   about,
		Example: "meta-llama/Llama-3.1-8B-Instruct http://localhost:30080/v1 my-baseline vllm random '' 1000 my-suite 0 spec.yaml session-1 1.0 --random-input-len 1024",
		Positional: []string{"MODEL", "BASE_URL", "KEY", "BACKEND", "DATASET_NAME", "DATASET_PATH", "NUM_PROMPTS", "NAME", "SERVING_INDEX",
			"SPEC_FILE_PATH", "LMBENCH_SESSION_ID"},
		Point: params.Param{Name: "REQUEST_RATE", Flag: "request-rate", Value: rateOf(&s.rate), Default: "inf",
			Help: "requests a second, or inf: all at once"},
		Trailing:   true,
		FirstUser:  "0",
		Cooldown:   "0",
		FailFast:   true,
		Common:     &s.common,
		Params:     s.params(),
		Layout:     record.Serving(),
		ResultKeys: []string{"BACKEND", "DATASET_NAME", "DATASET_PATH", "NUM_PROMPTS", "REQUEST_RATE"},
		Check:      s.check,
		ResultName: s.name,
		File:       fileName,
		Earlier:    isFileName,
		Stages:     s.stages,
		Row:        s.row,
		Describe:   s.describe,
		Report:     s.report,
	}
}

// name returns WORKLOAD, which contains the data set's name.
func (s *serving) name() string {
	if s.dataset == "hf" && s.path != "" {
		path := strings.TrimPrefix(s.path, "3-workloads/vllm-benchmark-serving/")
		return "vllm_hf_" + strings.ReplaceAll(path, "/", "_")
	}
	return "vllm_" + s.dataset
}

const (
	requestsSuffix = "_requests.csv" // of the CSV of requests
	timeLayout     = "20060102-1504" // of the time in file names
)

// fileName returns the name of a point's CSV of requests without KEY_ and .csv.
func fileName(rate string) string {
	return "vllm_benchmark_" + rate + "_" + time.Now().Format(timeLayout) + strings.TrimSuffix(requestsSuffix, ".csv")
}

// isFileName reports whether fileName returned name for this rate at some time.
func isFileName(rate, name string) bool {
	at, hasPrefix := strings.CutPrefix(name, "vllm_benchmark_"+rate+"_")
	at, hasSuffix := strings.CutSuffix(at, strings.TrimSuffix(requestsSuffix, ".csv"))
	_, err := time.Parse(timeLayout, at)
	return hasPrefix && hasSuffix && err == nil
}

// withSuffix returns the path of the CSV of requests with another suffix.
func withSuffix(requests, suffix string) string {
	if stem, found := strings.CutSuffix(requests, requestsSuffix); found {
		return stem + suffix
	}
	return strings.TrimSuffix(requests, filepath.Ext(requests)) + suffix
}
