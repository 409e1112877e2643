package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/LMCache/LMBench/tools/data/dataset"
	"github.com/LMCache/LMBench/tools/load/params"
)

// options are the benchmark's own parameters. Names and defaults are vLLM's. The options
// of the data sets are fields of the data sets.
type options struct {
	backend, dataset, path string
	prompts                int
	rate                   float64 // requests a second; +Inf sends all at once

	load     loadOptions
	sampling samplingOptions
	figures  figureOptions
	reading  readingOptions
}

func (s *serving) params() []params.Param {
	o := &s.options
	var names []string
	for _, set := range s.datasets {
		names = append(names, set.Info().Name)
	}
	own := []params.Param{
		{Name: "BACKEND", Flag: "backend", Value: params.Choice(&o.backend, backendNames()...), Default: "vllm", Help: "the engine's API: " + strings.Join(backendNames(), ", ")},
		{Name: "DATASET_NAME", Flag: "dataset-name", Value: params.Choice(&o.dataset, names...), Default: "sharegpt", Help: "data set: " + strings.Join(names, ", ")},
		{Name: "DATASET_PATH", Flag: "dataset-path", Value: params.OptionalText(&o.path), Help: "file of the data set, or for hf its name on the hub; '': see above"},
		{Name: "NUM_PROMPTS", Flag: "num-prompts", Value: params.Int(&o.prompts, 1), Default: "1000", Help: "requests to send"},
	}
	return slices.Concat(own, o.load.params(), o.sampling.params(), o.figures.params(), datasetParams(s.datasets), o.reading.params())
}

// loadOptions say when requests are sent.
type loadOptions struct {
	burstiness         float64
	arrivals           string
	concurrency        int // maximum of requests in flight; 0 for no limit
	rampUp             string
	rampStart, rampEnd float64 // requests a second
	seed               int
	test               string
	profile            bool
}

func (o *loadOptions) params() []params.Param {
	return []params.Param{
		{Flag: "burstiness", Value: params.Positive(&o.burstiness), Default: "1.0", Help: "shape of the gamma-distributed intervals; 1: Poisson, less: bursts, more: even"},
		{Flag: "arrivals", Value: params.Choice(&o.arrivals, "lmbench", "vllm"), Default: "lmbench", Help: "lmbench: the first request at once, the others as drawn; vllm: as vLLM since 2025, scaled to NUM_PROMPTS/REQUEST_RATE seconds"},
		{Flag: "max-concurrency", Value: optionalInt(&o.concurrency, 1), Help: "maximum of requests in flight; slot_wait is the time a request waits for a slot"},
		{Flag: "ramp-up-strategy", Value: optionalChoice(&o.rampUp, "linear", "exponential"), Help: "linear or exponential: the rate grows from the first request to the last"},
		{Flag: "ramp-up-start-rps", Value: optionalPositive(&o.rampStart), Help: "requests a second at the start of the ramp"},
		{Flag: "ramp-up-end-rps", Value: optionalPositive(&o.rampEnd), Help: "requests a second at the end of the ramp"},
		{Flag: "seed", Value: params.Int(&o.seed, 0), Default: "0", Help: "seed of prompts and intervals, as in vLLM"},
		{Flag: "test-request", Value: params.Choice(&o.test, "first", "other", "none"), Default: "first", Help: "request sent before the load; first: the first prompt, as in vLLM, which may then be cached; other: a short prompt; none"},
		{Flag: "profile", Value: params.Bool(&o.profile), Default: "false", Help: "start and stop the engine's profiler around the load"},
	}
}

// samplingOptions are fields of the requests other than the prompt.
type samplingOptions struct {
	temperature, topP, minP number
	topK                    number
	logprobs                number
	extraBody               object
	served                  string // model name in the API
	modules                 words  // LoRA modules to choose from
	endpoint                string
	header                  headers
	quiet                   bool
}

func (o *samplingOptions) params() []params.Param {
	return []params.Param{
		{Flag: "temperature", Value: optionalFloat(&o.temperature), Help: "sampling temperature; 0.0 if not given"},
		{Flag: "top-p", Value: optionalFloat(&o.topP), Help: "sampling parameter top_p"},
		{Flag: "top-k", Value: optionalWhole(&o.topK), Help: "sampling parameter top_k"},
		{Flag: "min-p", Value: optionalFloat(&o.minP), Help: "sampling parameter min_p"},
		{Flag: "logprobs", Value: optionalWhole(&o.logprobs), Help: "log probabilities to return for each token"},
		{Flag: "extra-body", Value: &o.extraBody, Help: "JSON object whose members are added to every request"},
		{Flag: "served-model-name", Value: params.OptionalText(&o.served), Help: "model name in the API, if it differs"},
		{Flag: "lora-modules", Value: &o.modules, AcceptsMore: anyWord, Help: "names of LoRA modules; each request uses one, chosen at random"},
		{Flag: "endpoint", Value: params.OptionalText(&o.endpoint), Help: "path of the API below the server's root, in place of the backend's"},
		{Flag: "header", Value: &o.header, AcceptsMore: isPair, Secret: true, Help: "KEY=VALUE: headers of every request; never shown or stored"},
		{Flag: "disable-tqdm", Value: params.Bool(&o.quiet), Default: "false", Help: "show no progress lines"},
	}
}

// sampled reports whether a sampling parameter is given.
func (o *samplingOptions) sampled() bool {
	return o.temperature != "" || o.topP != "" || o.topK != "" || o.minP != ""
}

// figureOptions say which figures are reported, and where.
type figureOptions struct {
	goodput     goals
	metrics     metricNames
	percentiles percentiles
	metadata    pairs
	detailed    bool
	save        bool
	add         bool
	dir, file   string
}

func (o *figureOptions) params() []params.Param {
	return []params.Param{
		{Flag: "goodput", Value: &o.goodput, AcceptsMore: isGoal, Help: "ttft:MS tpot:MS e2el:MS: goodput counts the requests that meet all of these"},
		{Flag: "percentile-metrics", Value: &o.metrics, Default: "ttft,tpot,itl", Help: "metrics to report, of ttft, tpot, itl, e2el"},
		{Flag: "metric-percentiles", Value: &o.percentiles, Default: "99", Help: "percentiles to report of these metrics, separated by commas"},
		{Flag: "metadata", Value: &o.metadata, AcceptsMore: isPair, Help: "KEY=VALUE: added to the JSON"},
		{Flag: "save-detailed", Value: params.Bool(&o.detailed), Default: "false", Help: "add every request's lengths, times, text and error to the JSON"},
		{Flag: "save-result", Value: params.Bool(&o.save), Default: "false", Help: "write the JSON (a sweep always does)"},
		{Flag: "append-result", Value: params.Bool(&o.add), Default: "false", Help: "append the JSON as a line to its file"},
		{Flag: "result-dir", Value: params.OptionalText(&o.dir), SingleOnly: true, Help: "folder of the JSON"},
		{Flag: "result-filename", Value: params.OptionalText(&o.file), SingleOnly: true, Help: "name of the JSON"},
	}
}

// datasetParams declares the options of all data sets.
func datasetParams(sets []dataset.Dataset) (all []params.Param) {
	for _, set := range sets {
		for _, o := range set.Options() {
			all = append(all, params.Param{Flag: o.Flag, Value: optionValue(o), Default: o.Default, Help: o.Help})
		}
	}
	return all
}

func optionValue(o dataset.Option) params.Value {
	switch field := o.Field.(type) {
	case *int:
		if o.Default == "" {
			return optionalInt(field, o.Min)
		}
		return params.Int(field, o.Min)
	case *float64:
		return belowOne(field)
	case *bool:
		return params.Bool(field)
	case *string:
		return params.OptionalText(field)
	}
	panic(fmt.Sprintf("--%s: no value for a field of type %T", o.Flag, o.Field))
}

// readingOptions say how the model reads text.
type readingOptions struct {
	tokenizer, mode string
	template        string
	trustRemoteCode bool
}

func (o *readingOptions) params() []params.Param {
	return []params.Param{
		{Flag: "tokenizer", Value: params.OptionalText(&o.tokenizer), Help: "a tokenizer.json, its folder, a model's name, or approximate; if not given, that of the model is searched for"},
		{Flag: "tokenizer-mode", Value: params.Choice(&o.mode, "auto", "slow"), Default: "auto", Help: "accepted for compatibility: both read the tokenizer.json"},
		{Flag: "chat-template", Value: params.OptionalText(&o.template), Help: "file with the chat template, in place of that of the tokenizer_config.json"},
		{Flag: "trust-remote-code", Value: params.Bool(&o.trustRemoteCode), Default: "false", Help: "accepted for compatibility: code of a model is never run"},
	}
}
