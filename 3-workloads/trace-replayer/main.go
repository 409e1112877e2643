// Trace-replayer is LMBench's replay of request traces: requests with the
// lengths, the shared prefixes and, if wanted, the times of real ones.
package main

import (
	"os"

	"github.com/LMCache/LMBench/tools/load/params"
	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/results/record"
)

const about = `trace-replayer: sends the requests of a trace.

A trace says when each request came, how long its prompt and its answer were and,
by hash ids, which blocks of its prompt other prompts had too. Each hash id
becomes a text of exactly as many tokens as the trace's blocks have, the same
wherever the id stands: what a prefix cache could reuse of the trace it can reuse
of the replay. The result's trace_fidelity says how truly that was done.

With PRESERVE_TIMING true requests are sent at the trace's times, stretched by
TIME_SCALE, else QPS a second in the trace's order. Either way each leaves when it
is due, whatever became of the others.

Formats, found by looking: JSON lines with timestamp, input_length, output_length
and hash_ids (Mooncake, GMI, Alibaba Bailian), CSV of Azure (TIMESTAMP,
ContextTokens, GeneratedTokens) and of BurstGPT. tools/traces/traces checks,
converts and makes traces.

Requests with the same first blocks have the same x-user-id: of each prompt the
blocks that more than half of all requests begin with are passed over, the next
--conversation-blocks tell whose it is.`

func main() { os.Exit(workload.Main(newReplayer().workload())) }

// replayer is the parameters, and the trace they name.
type replayer struct {
	common workload.Common

	file         string
	start        window // of the window
	duration     window
	timed        bool
	scale        float64
	speedUp      factor // in place of scale
	maxDelay     window
	qps          float64
	unit         unit
	blockSize    blockSize
	promptMode   string
	maxContext   int
	conversation int // blocks that tell one
	seed         int
	legacyDelay  bool
	trustWords   bool

	recorded string // file, as the result has it
	source
	point // the one under way
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
		Point:    params.Param{Name: "QPS", Flag: "qps", Value: params.Positive(&r.qps), Default: "1.0", Help: "requests a second; unused with PRESERVE_TIMING"},
		Points:   []string{"1.0"},
		Cooldown: "5",
		Defaults: map[string]string{"model": "meta-llama/Llama-3.1-8B-Instruct", "base-url": "http://localhost:30080", "output": "trace_results.csv"},
		Pairs:    []string{"MODE", "QPS", "TRACE_FILE", "START_TIME", "DURATION", "TIME_SCALE", "API_TYPE"},
		Common:   &r.common,
		OpenLoop: true,
		Params:   r.params(),
		Layout:   record.Trace(),
		Check:    r.check,
		Sweep:    r.points,
		File:     r.csv,
		Values:   r.values,
		Stages:   r.stages,
		Row:      r.row,
		Describe: r.describe,
	}
}

func (r *replayer) params() []params.Param {
	return []params.Param{
		{Name: "TRACE_FILE", Flag: "trace-file", Value: params.Text(&r.file), Default: "traces/gmi_trace.jsonl",
			Help: "relative to 3-workloads/trace-replayer, or to where you are"},
		{Name: "START_TIME", Flag: "start-time", Value: &r.start, Default: "0.0", IfNone: "0", Help: "seconds of the trace to leave out"},
		{Name: "DURATION", Flag: "duration", Value: all(&r.duration), Default: "60.0", IfNone: "-1", Help: "seconds of the trace to replay; -1: to its end"},
		{Name: "PRESERVE_TIMING", Flag: "preserve-timing", Value: params.Bool(&r.timed), Default: "false", Help: "true: send at the trace's times; false: QPS a second"},
		{Name: "TIME_SCALE", Flag: "time-scale", Value: params.Positive(&r.scale), Default: "1.0", IfNone: "1.0", Help: "times are multiplied by this: 0.5 is twice as fast"},
		{Name: "MAX_DELAY", Flag: "max-delay", Value: none(&r.maxDelay), Help: "seconds a request waits for after the one before, at most"},
		{Flag: "speed-up", Value: &r.speedUp, Help: "in place of TIME_SCALE: 2 is twice as fast"},
		{Flag: "legacy-max-delay", Value: params.Bool(&r.legacyDelay), Default: "false",
			Help: "MAX_DELAY counts from the start, as in the original: all later requests are sent at once then"},
		{Flag: "time-unit", Value: &r.unit, Default: "auto", Help: "of the trace's timestamps: s, ms, us, ns, or auto"},
		{Flag: "block-size", Value: &r.blockSize, Default: "auto", Help: "tokens in each block that has a hash id, or auto"},
		{Flag: "prompt-mode", Value: params.Choice(&r.promptMode, "blocks", "legacy"), Default: "blocks",
			Help: "legacy: the original's text, which has other lengths and prefixes than the trace"},
		{Flag: "max-context", Value: params.Int(&r.maxContext, 0), Default: "0",
			Help: "tokens of prompt and answer that the model takes; longer requests are left out and counted; 0: none"},
		{Flag: "conversation-blocks", Value: params.Int(&r.conversation, 1), Default: "1", Help: "blocks of a prompt that tell its conversation"},
		{Flag: "trust-vocabulary", Value: params.Bool(&r.trustWords), Default: "false", Help: "take every word for one token: do not ask the engine how it counts"},
		{Flag: "seed", Value: params.Seed(&r.seed), Help: "of the texts; else from the time, so that no run finds the cache warm from another; recorded"},
	}
}

// points are the sweep's: at the trace's times there is but one.
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

// values are the pairs that are not the arguments as given. A timed run's QPS is
// what it offers on the whole: runs of other traces and speeds then have other
// names and other places in a plot.
func (r *replayer) values(string) map[string]string {
	values := map[string]string{"TRACE_FILE": r.recorded}
	if r.timed {
		values["MODE"] = "timed"
		values["QPS"] = significant(r.offered())
	} else {
		values["TIME_SCALE"] = "" // told further down, where it is not taken for used
	}
	return values
}
