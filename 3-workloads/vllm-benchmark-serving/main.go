// Vllm-benchmark-serving is vLLM's serving benchmark: the prompts of a data
// set, sent at a rate, measured by vLLM's definitions.
package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/LMCache/LMBench/tools/data/dataset"
	"github.com/LMCache/LMBench/tools/load/params"
	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/results/record"
)

const about = `vllm-benchmark-serving: the prompts of a data set, sent at a rate.

NUM_PROMPTS requests leave at REQUEST_RATE a second, whatever the engine does
with them: at random intervals (--burstiness), or all at once if the rate is
inf. The figures are those of vLLM's own benchmark, under its names; LMBench's
definitions of the same requests stand beside them.

Data sets: random, sharegpt, sonnet, burstgpt, custom (a line {"prompt": …} for
each), hf (DATASET_PATH names one on the Hugging Face hub). Without a
DATASET_PATH the public file of sharegpt, sonnet and burstgpt is fetched once.

Files of a point, in 4-latest-results: KEY_vllm_benchmark_RATE_TIME.json and .csv
with the figures, KEY_vllm_benchmark_RATE_TIME_requests.csv with the requests.`

func main() { os.Exit(workload.Main(newServing(os.Getenv, os.Stderr).workload())) }

// serving is one run of the command.
type serving struct {
	common workload.Common
	options
	getenv func(string) string
	log    io.Writer

	datasets []dataset.Dataset
	parquet  []string          // command that reads the hub's files
	model    model             // how the model reads text; set before the point is sent
	requests []dataset.Request // of the point
	modules  []string          // LoRA module of each request; nil without modules
	tally    tally
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
		Trailing:  true,
		FirstUser: "0",
		Cooldown:  "0",
		FailFast:  true,
		Common:    &s.common,
		Params:    s.params(),
		Layout:    record.Serving(),
		Pairs:     []string{"BACKEND", "DATASET_NAME", "DATASET_PATH", "NUM_PROMPTS", "REQUEST_RATE"},
		Check:     s.check,
		Named:     s.name,
		File:      file,
		Earlier:   earlier,
		Stages:    s.stages,
		Row:       s.row,
		Describe:  s.describe,
		Report:    s.report,
	}
}

// name is WORKLOAD: the data set's, and for the hub's which one.
func (s *serving) name() string {
	if s.dataset == "hf" && s.path != "" {
		path := strings.TrimPrefix(s.path, "3-workloads/vllm-benchmark-serving/")
		return "vllm_hf_" + strings.ReplaceAll(path, "/", "_")
	}
	return "vllm_" + s.dataset
}

// requestsFile is how the name of the requests' CSV ends.
const requestsFile = "_requests.csv"

// stamp is what the names of a point's files have of its time.
const stamp = "20060102-1504"

// file is the name of a point's CSV of requests, after the baseline's.
func file(rate string) string {
	return "vllm_benchmark_" + rate + "_" + time.Now().Format(stamp) + strings.TrimSuffix(requestsFile, ".csv")
}

// earlier tells whether it was such a name at another time.
func earlier(rate, name string) bool {
	at, begins := strings.CutPrefix(name, "vllm_benchmark_"+rate+"_")
	at, ends := strings.CutSuffix(at, strings.TrimSuffix(requestsFile, ".csv"))
	_, err := time.Parse(stamp, at)
	return begins && ends && err == nil
}

// beside is a file of the same name as the requests' CSV but for its end.
func beside(requests, end string) string {
	if stem, found := strings.CutSuffix(requests, requestsFile); found {
		return stem + end
	}
	return strings.TrimSuffix(requests, filepath.Ext(requests)) + end
}
