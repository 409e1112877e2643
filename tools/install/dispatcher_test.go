package install

import (
	"fmt"
	"strings"

	"github.com/LMCache/LMBench/tools/data/pyjson"
	"github.com/LMCache/LMBench/tools/results/spec"
)

// baseline holds what run-bench.py knows when it runs the workloads of a spec.
type baseline struct {
	model, url, key            string
	name, index, spec, session string
	api                        string
}

// script is a call of a script; path is relative to the checkout.
type script struct {
	path string
	args []string
}

// dispatch returns every call that run-bench.py makes for the Workload of a spec, in
// order. Its arguments and their defaults are LMBench's contract.
func dispatch(b baseline, workloads spec.Map) []script {
	var calls []script
	for _, workload := range []struct {
		key   string
		calls func(baseline, config) []script
	}{
		{"ShareGPT", shareGPT}, {"LMCacheSynthetic", synthetic}, {"TraceReplayer", traceReplayer}, {"Agentic", agentic},
		{"Random", random}, {"VLLMBenchmark", vllmBenchmark}, {"StrictSynthetic", strictSynthetic},
	} {
		value, asked := workloads.Get(workload.key)
		if !asked {
			continue
		}
		configs, list := value.([]any)
		if !list {
			configs = []any{value}
		}
		for _, one := range configs {
			calls = append(calls, workload.calls(b, config{one.(spec.Map)})...)
		}
	}
	return calls
}

func (b baseline) engine() []string { return []string{b.model, b.url, b.key} }

func (b baseline) suite() []string { return []string{b.name, b.index, b.spec, b.session} }

func synthetic(b baseline, c config) []script {
	return []script{call("3-workloads/synthetic/run_synthetic.sh", b.engine(),
		c.texts("NUM_USERS_WARMUP", "NUM_USERS", "NUM_ROUNDS", "SYSTEM_PROMPT", "CHAT_HISTORY", "ANSWER_LEN"),
		[]string{c.text("USE_SHAREGPT", "False")}, b.suite(), []string{b.api}, c.list("QPS"))}
}

func strictSynthetic(b baseline, c config) []script {
	return []script{call("3-workloads/strict-synthetic/run_strict_synthetic.sh", b.engine(),
		c.texts("NUM_CONCURRENT_USERS", "NUM_ROUNDS_PER_USER", "SHARED_SYSTEM_PROMPT_LEN", "FIRST_PROMPT_LEN", "FOLLOW_UP_PROMPTS_LEN", "ANSWER_LEN"),
		[]string{c.text("KV_REUSE_RATIO", "1.0"), b.api}, b.suite(), c.list("TIME_BETWEEN_REQUESTS_PER_USER", "10"))}
}

func agentic(b baseline, c config) []script {
	return []script{call("3-workloads/agentic/run_agentic.sh", b.engine(),
		c.texts("NUM_USERS_WARMUP", "NUM_AGENTS", "NUM_ROUNDS", "SYSTEM_PROMPT", "CHAT_HISTORY", "ANSWER_LEN"),
		b.suite(), c.list("NEW_USER_INTERVALS"))}
}

func random(b baseline, c config) []script {
	return []script{call("3-workloads/random/run-random.sh", b.engine(),
		c.texts("NUM_USERS", "NUM_ROUNDS", "PROMPT_LEN", "ANSWER_LEN"), b.suite(), c.list("QPS"))}
}

func shareGPT(b baseline, c config) []script {
	var options []string
	for _, option := range []struct{ flag, key string }{{"-l", "LIMIT"}, {"-m", "MIN_ROUNDS"}, {"-s", "START_ROUND"}} {
		options = append(options, c.flag(option.flag, option.key)...)
	}
	return []script{
		call("3-workloads/sharegpt/data_generation/prepare_sharegpt_data.sh", options, []string{"--model-url", b.model}),
		call("3-workloads/sharegpt/workload_execution/run-sharegpt.sh", b.engine(),
			c.texts("LIMIT", "MIN_ROUNDS", "START_ROUND"), b.suite(), c.list("QPS")),
	}
}

func traceReplayer(b baseline, c config) []script {
	duration := c.text("DURATION", "-1")
	if strings.EqualFold(duration, "full") {
		duration = "-1"
	}
	scale := c.text("TIME_SCALE", "1.0")
	if up, asked := c.Get("SPEED_UP"); asked {
		var factor float64
		fmt.Sscan(text(up), &factor)
		scale = pyjson.Float(1 / factor)
	}
	return []script{call("3-workloads/trace-replayer/run_trace_replayer.sh", b.engine(), b.suite(),
		[]string{c.text("TRACE_FILE", "traces/gmi_trace.jsonl"), c.text("START_TIME", "0"), duration,
			strings.ToLower(c.text("PRESERVE_TIMING", "false")), scale, b.api, c.text("MAX_DELAY", "None")},
		c.list("QPS", "1.0"))}
}

// vllmBenchmark returns a call for each request rate.
func vllmBenchmark(b baseline, c config) []script {
	b.url += "/v1"
	dataset := c.text("DATASET_NAME", "sharegpt")
	var extra []string
	for _, flag := range []string{"--temperature", "--top-p", "--top-k", "--burstiness", "--seed"} {
		extra = append(extra, c.flag(flag, variable(flag))...)
	}
	for _, flag := range []string{"--disable-tqdm", "--ignore-eos"} {
		if c.text(variable(flag), "False") == "True" {
			extra = append(extra, flag)
		}
	}
	for _, flag := range map[string][]string{"sharegpt": {"output-len"}, "random": {"input-len", "output-len", "range-ratio"},
		"sonnet": {"input-len", "output-len", "prefix-len"}, "hf": {"output-len"}, "custom": {"output-len"}}[dataset] {
		flag = "--" + dataset + "-" + flag
		given := c.flag(flag, variable(flag))
		if given == nil && strings.HasSuffix(flag, "-output-len") {
			given = c.flag(flag, "MAX_TOKENS")
		}
		extra = append(extra, given...)
	}
	var calls []script
	for _, rate := range c.list("REQUEST_RATES", "1.0") {
		calls = append(calls, call("3-workloads/vllm-benchmark-serving/run_vllm_benchmark_serving.sh", b.engine(),
			[]string{c.text("BACKEND", "vllm"), dataset, c.text("DATASET_PATH", ""), c.text("NUM_PROMPTS", "1000")},
			b.suite(), []string{rate}, extra))
	}
	return calls
}

// variable returns the key of a spec that sets a flag.
func variable(flag string) string {
	return strings.ToUpper(strings.ReplaceAll(strings.TrimPrefix(flag, "--"), "-", "_"))
}

func call(path string, args ...[]string) script {
	s := script{path: path}
	for _, part := range args {
		s.args = append(s.args, part...)
	}
	return s
}

// config is the mapping of a workload in a spec.
type config struct{ spec.Map }

// text returns a value as Python's str prints it, or the default if it is absent.
func (c config) text(key, otherwise string) string {
	if value, there := c.Get(key); there {
		return text(value)
	}
	return otherwise
}

// texts returns values as text; an absent one is None.
func (c config) texts(keys ...string) []string {
	var all []string
	for _, key := range keys {
		all = append(all, c.text(key, "None"))
	}
	return all
}

// list returns a value that is a list.
func (c config) list(key string, otherwise ...string) []string {
	value, there := c.Get(key)
	if !there {
		return otherwise
	}
	var all []string
	for _, item := range value.([]any) {
		all = append(all, text(item))
	}
	return all
}

// flag returns a flag with its value, if the spec has one.
func (c config) flag(name, key string) []string {
	if value, there := c.Get(key); there {
		return []string{name, text(value)}
	}
	return nil
}

func text(value any) string {
	switch value := value.(type) {
	case nil:
		return "None"
	case bool:
		return strings.ToUpper(fmt.Sprint(value)[:1]) + fmt.Sprint(value)[1:]
	case float64:
		return pyjson.Float(value)
	default:
		return fmt.Sprint(value)
	}
}
