package main

import (
	"strings"

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
	data     dataOptions
	reading  readingOptions
}

// params are the options' declarations. Names and defaults are vLLM's.
func (s *serving) params() []params.Param {
	o := &s.options
	all := []params.Param{
		{Name: "BACKEND", Flag: "backend", Value: params.Choice(&o.backend, backendNames()...), Default: "vllm", Help: "the engine's API: " + strings.Join(backendNames(), ", ")},
		{Name: "DATASET_NAME", Flag: "dataset-name", Value: params.Choice(&o.dataset, "sharegpt", "burstgpt", "sonnet", "random", "hf", "custom"), Default: "sharegpt", Help: "sharegpt, burstgpt, sonnet, random, hf or custom"},
		{Name: "DATASET_PATH", Flag: "dataset-path", Value: params.OptionalText(&o.path), Help: "its file, or for hf its name on the hub; '': see above"},
		{Name: "NUM_PROMPTS", Flag: "num-prompts", Value: params.Int(&o.prompts, 1), Default: "1000", Help: "requests to send"},
	}
	for _, group := range []interface{ params() []params.Param }{&o.load, &o.sampling, &o.figures, &o.data, &o.reading} {
		all = append(all, group.params()...)
	}
	return all
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

// dataOptions are how prompts are made. Lengths are tokens.
type dataOptions struct {
	customOutput                            int
	customPlain                             bool
	sonnetInput, sonnetOutput, sonnetPrefix int
	shareGPTOutput                          int
	randomInput, randomOutput, randomPrefix int
	randomRange                             float64
	hubSubset, hubSplit                     string
	hubOutput                               int
}

func (o *dataOptions) params() []params.Param {
	return []params.Param{
		{Flag: "custom-output-len", Value: params.Int(&o.customOutput, -1), Default: "256", Help: "custom: tokens of an answer; -1: output_tokens of each line"},
		{Flag: "custom-skip-chat-template", Value: params.Bool(&o.customPlain), Default: "false", Help: "custom: prompts are sent as they are"},
		{Flag: "sonnet-input-len", Value: params.Int(&o.sonnetInput, 1), Default: "550", Help: "sonnet: tokens of a prompt at most"},
		{Flag: "sonnet-output-len", Value: params.Int(&o.sonnetOutput, 1), Default: "150", Help: "sonnet: tokens of an answer"},
		{Flag: "sonnet-prefix-len", Value: params.Int(&o.sonnetPrefix, 0), Default: "200", Help: "sonnet: tokens that all prompts share"},
		{Flag: "sharegpt-output-len", Value: optionalInt(&o.shareGPTOutput, 1), Help: "sharegpt: tokens of an answer, else as in the file"},
		{Flag: "random-input-len", Value: params.Int(&o.randomInput, 1), Default: "1024", Help: "random: tokens of a prompt"},
		{Flag: "random-output-len", Value: params.Int(&o.randomOutput, 1), Default: "128", Help: "random: tokens of an answer"},
		{Flag: "random-prefix-len", Value: params.Int(&o.randomPrefix, 0), Default: "0", Help: "random: tokens that all prompts begin with, beyond the input length"},
		{Flag: "random-range-ratio", Value: belowOne(&o.randomRange), Default: "0.0", Help: "random: lengths are spread evenly by this share up and down"},
		{Flag: "hf-subset", Value: params.OptionalText(&o.hubSubset), Help: "hf: subset of the data set"},
		{Flag: "hf-split", Value: params.OptionalText(&o.hubSplit), Help: "hf: always train, as in vLLM"},
		{Flag: "hf-output-len", Value: optionalInt(&o.hubOutput, 1), Help: "hf: tokens of an answer, else as in the data set"},
	}
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
