// Trace-replayer replays request traces. Unlike the other workloads it takes
// lengths, shared prefixes and, with PRESERVE_TIMING, arrival times from a trace.
package main

import (
	"os"

	"github.com/LMCache/LMBench/tools/load/params"
	"github.com/LMCache/LMBench/tools/load/runner"
	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/results/record"
)

const about = `trace-replayer: replays the requests of a trace.

A trace records when each request arrived, the lengths of its prompt and answer
and, as hash ids, which blocks of its prompt it shares with other prompts. Each
hash id becomes a text with the number of tokens of the trace's blocks, the same
text for every use of the id, so that a prefix cache can reuse of the replay what
it could reuse of the trace. trace_fidelity in the result reports how close the
replay came.

With PRESERVE_TIMING=true requests are sent at the trace's times, multiplied by
TIME_SCALE, otherwise in the trace's order at QPS requests per second. In both
cases (open loop) they do not wait for earlier answers.

Formats are detected: JSON lines with timestamp, input_length, output_length and
hash_ids (Mooncake, GMI, Alibaba Bailian), CSV of Azure (TIMESTAMP, ContextTokens,
GeneratedTokens) and BurstGPT. tools/traces/traces validates, converts and
generates traces.

Requests of the same conversation have the same x-user-id. Unless the trace
numbers its conversations, they are identified by the first --conversation-blocks
blocks after the prefix common to more than half of all requests.`

func main() { os.Exit(runner.Main(newReplayer().workload())) }

// A replayer holds the parameters, the trace and the current point.
type replayer struct {
	common workload.Common

	file         string
	start        window
	duration     window
	timed        bool
	scale        float64
	speedUp      factor // replaces scale
	maxDelay     window
	qps          float64
	unit         unit
	blockSize    blockSize
	promptMode   string
	maxContext   int
	conversation int // blocks that identify a conversation
	seed         int
	legacyDelay  bool
	trustWords   bool

	recorded string // file as recorded in the result
	source
	point
}

func newReplayer() *replayer { return new(replayer) }

func (r *replayer) workload() workload.Workload {
	return workload.Workload{
		Name:    "trace_replayer",
		Script:  "run_trace_replayer.sh",
		About:   about,
		Example: "meta-llama/Llama-3.1-8B-Instruct http://localhost:30080 my-baseline my-suite 0 spec.yaml session-1 traces/example.jsonl 0 60 true 1.0 completions None 1.0",
		Positional: []string{"MODEL", "BASE_URL", "KEY", "NAME", "SERVING_INDEX", "SPEC_FILE_PATH", "LMBENCH_SESSION_ID",
			"TRACE_FILE", "START_TIME", "DURATION", "PRESERVE_TIMING", "TIME_SCALE", "API_TYPE", "MAX_DELAY"},
		Point:        params.Param{Name: "QPS", Flag: "qps", Value: params.Positive(&r.qps), Default: "1.0", Help: "requests per second; unused with PRESERVE_TIMING"},
		Points:       []string{"1.0"},
		Cooldown:     "5",
		Defaults:     map[string]string{"model": "meta-llama/Llama-3.1-8B-Instruct", "base-url": "http://localhost:30080", "output": "trace_results.csv"},
		ResultKeys:   []string{"MODE", "QPS", "TRACE_FILE", "START_TIME", "DURATION", "TIME_SCALE", "API_TYPE"},
		Common:       &r.common,
		OpenLoop:     true,
		Params:       r.params(),
		Layout:       record.Trace(),
		Check:        r.check,
		SweepPoints:  r.points,
		File:         r.csv,
		ResultValues: r.values,
		Stages:       r.stages,
		Row:          r.row,
		Describe:     r.describe,
	}
}

func (r *replayer) params() []params.Param {
	return []params.Param{
		{Name: "TRACE_FILE", Flag: "trace-file", Value: params.Text(&r.file), Default: "traces/gmi_trace.jsonl",
			Help: "path, relative to 3-workloads/trace-replayer or the current directory"},
		{Name: "START_TIME", Flag: "start-time", Value: &r.start, Default: "0.0", IfNone: "0", Help: "seconds of the trace to skip"},
		{Name: "DURATION", Flag: "duration", Value: orToEnd(&r.duration), Default: "60.0", IfNone: "-1", Help: "seconds of the trace to replay; -1 for all"},
		{Name: "PRESERVE_TIMING", Flag: "preserve-timing", Value: params.Bool(&r.timed), Default: "false", Help: "true: send at the trace's times; false: QPS requests per second"},
		{Name: "TIME_SCALE", Flag: "time-scale", Value: params.Positive(&r.scale), Default: "1.0", IfNone: "1.0", Help: "factor for the trace's times: 0.5 is twice as fast"},
		{Name: "MAX_DELAY", Flag: "max-delay", Value: orNone(&r.maxDelay), Help: "longest gap between two requests, in seconds"},
		{Flag: "speed-up", Value: &r.speedUp, Help: "replaces TIME_SCALE: 2 is twice as fast"},
		{Flag: "legacy-max-delay", Value: params.Bool(&r.legacyDelay), Default: "false",
			Help: "MAX_DELAY counts from the start, as in LMBench's script: all later requests are sent at once"},
		{Flag: "time-unit", Value: &r.unit, Default: "auto", Help: "unit of the timestamps: s, ms, us, ns, or auto"},
		{Flag: "block-size", Value: &r.blockSize, Default: "auto", Help: "tokens per hash id, or auto"},
		{Flag: "prompt-mode", Value: params.Choice(&r.promptMode, "blocks", "legacy"), Default: "blocks",
			Help: "blocks, or legacy: LMBench's text, whose lengths and prefixes differ from the trace"},
		{Flag: "max-context", Value: params.Int(&r.maxContext, 0), Default: "0",
			Help: "context length of the model in tokens; longer requests are skipped and counted; 0: no limit"},
		{Flag: "conversation-blocks", Value: params.Int(&r.conversation, 1), Default: "1", Help: "blocks that identify a conversation"},
		{Flag: "trust-vocabulary", Value: params.Bool(&r.trustWords), Default: "false", Help: "assume that every word is one token, instead of calibrating with the engine"},
		{Flag: "seed", Value: params.Seed(&r.seed), Help: "seed of the texts (recorded); without it from the clock, so that runs share no cached text"},
	}
}

// points returns the points of a sweep. At the trace's times there is only one.
func (r *replayer) points(given []string) []string {
	if r.timed {
		return []string{"timed"}
	}
	return given
}

func (r *replayer) csv(point string) string {
	if r.timed {
		return "trace_replayer_timed"
	}
	return "trace_replayer_output_" + point
}

// values returns the pairs of the result that differ from the arguments. The QPS
// of a timed run is its mean rate, so that runs of different traces and speeds
// have different names and places in a plot.
func (r *replayer) values(string) map[string]string {
	values := map[string]string{"TRACE_FILE": r.recorded}
	if r.timed {
		values["MODE"] = "timed"
		values["QPS"] = significant(r.offered())
	} else {
		values["TIME_SCALE"] = "" // unused; parameters records it
	}
	return values
}
