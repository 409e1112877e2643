package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/LMCache/LMBench/tools/data/dataset"
	"github.com/LMCache/LMBench/tools/load/params"
)

// options are what the command can be told beside what every workload can.
type options struct {
	backend, dataset, path string
	prompts                int
	rate                   float64 // requests a second; +Inf: all at once

	load     loadOptions
	sampling samplingOptions
	figures  figureOptions
	reading  readingOptions
}

// params are the options' declarations. Names and defaults are vLLM's.
func (s *serving) params() []params.Param {
	o := &s.options
	var names []string
	for _, set := range s.datasets {
		names = append(names, set.Info().Name)
	}
	all := []params.Param{
		{Name: "BACKEND", Flag: "backend", Value: params.Choice(&o.backend, backendNames()...), Default: "vllm", Help: "the engine's API: " + strings.Join(backendNames(), ", ")},
		{Name: "DATASET_NAME", Flag: "dataset-name", Value: params.Choice(&o.dataset, names...), Default: "sharegpt", Help: "data set: " + strings.Join(names, ", ")},
		{Name: "DATASET_PATH", Flag: "dataset-path", Value: params.OptionalText(&o.path), Help: "its file, or for hf its name on the hub; '': see above"},
		{Name: "NUM_PROMPTS", Flag: "num-prompts", Value: params.Int(&o.prompts, 1), Default: "1000", Help: "requests to send"},
	}
	return slices.Concat(all, o.load.params(), o.sampling.params(), o.figures.params(), datasetParams(s.datasets), o.reading.params())
}

// loadOptions are when requests leave.
type loadOptions struct {
	burstiness         float64
	arrivals           string
	concurrency        int // requests under way at most; 0: any number
	rampUp             string
	rampStart, rampEnd float64 // requests a second
	seed               int
	test               string
	profile            bool
}

func (o *loadOptions) params() []params.Param {
	return []params.Param{
		{Flag: "burstiness", Value: params.Positive(&o.burstiness), Default: "1.0", Help: "shape of the gamma-distributed intervals; 1: Poisson, less: bursts, more: even"},
		{Flag: "arrivals", Value: params.Choice(&o.arrivals, "lmbench", "vllm"), Default: "lmbench", Help: "lmbench: the first at once, then as drawn; vllm: as today's vLLM, stretched to NUM_PROMPTS/REQUEST_RATE seconds"},
		{Flag: "max-concurrency", Value: optionalInt(&o.concurrency, 1), Help: "requests under way at most; the wait for a slot is slot_wait"},
		{Flag: "ramp-up-strategy", Value: optionalChoice(&o.rampUp, "linear", "exponential"), Help: "linear or exponential: the rate grows from the first request to the last"},
		{Flag: "ramp-up-start-rps", Value: optionalPositive(&o.rampStart), Help: "requests a second at first"},
		{Flag: "ramp-up-end-rps", Value: optionalPositive(&o.rampEnd), Help: "requests a second at last"},
		{Flag: "seed", Value: params.Int(&o.seed, 0), Default: "0", Help: "of prompts and intervals, as in vLLM"},
		{Flag: "test-request", Value: params.Choice(&o.test, "first", "other", "none"), Default: "first", Help: "first: the first prompt is sent once before, as in vLLM, and may then be cached; other: a short one is; none"},
		{Flag: "profile", Value: params.Bool(&o.profile), Default: "false", Help: "start and stop the engine's profiler around the load"},
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

// readingOptions are how the model reads text.
type readingOptions struct {
	tokenizer, mode string
	template        string
	trustRemoteCode bool
}

func (o *readingOptions) params() []params.Param {
	return []params.Param{
		{Flag: "tokenizer", Value: params.OptionalText(&o.tokenizer), Help: "a tokenizer.json, its folder, a model's name, or approximate; else the model's is looked for"},
		{Flag: "tokenizer-mode", Value: params.Choice(&o.mode, "auto", "slow"), Default: "auto", Help: "both read the tokenizer.json"},
		{Flag: "chat-template", Value: params.OptionalText(&o.template), Help: "a file with the chat template, else that of the tokenizer_config.json"},
		{Flag: "trust-remote-code", Value: params.Bool(&o.trustRemoteCode), Default: "false", Help: "accepted for compatibility: nothing of a model is ever run here"},
	}
}
