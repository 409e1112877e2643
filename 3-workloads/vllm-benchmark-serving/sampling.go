package main

import (
	"encoding/json"

	"github.com/LMCache/LMBench/tools/load/params"
)

// samplingOptions are what requests ask for beside the prompt.
type samplingOptions struct {
	temperature, topP, minP text
	topK                    text
	logprobs                text
	more                    object // further members of the body
	served                  string // model name in the API
	modules                 words  // LoRA modules to choose from
	endpoint                string
	header                  headers
	quiet                   bool
}

func (o *samplingOptions) params() []params.Param {
	return []params.Param{
		{Flag: "temperature", Value: optionalFloat(&o.temperature), Help: "of sampling; else 0.0"},
		{Flag: "top-p", Value: optionalFloat(&o.topP), Help: "of sampling"},
		{Flag: "top-k", Value: optionalWhole(&o.topK), Help: "of sampling"},
		{Flag: "min-p", Value: optionalFloat(&o.minP), Help: "of sampling"},
		{Flag: "logprobs", Value: optionalWhole(&o.logprobs), Help: "log probabilities to return for each token"},
		{Flag: "extra-body", Value: &o.more, Help: "a JSON object whose members every request gets"},
		{Flag: "served-model-name", Value: params.OptionalText(&o.served), Help: "the model's name in the API, if another"},
		{Flag: "lora-modules", Value: &o.modules, AcceptsMore: anyWord, Help: "names of LoRA modules; each request asks one, chosen at random"},
		{Flag: "endpoint", Value: params.OptionalText(&o.endpoint), Help: "path of the API below the server's root, if not the backend's"},
		{Flag: "header", Value: &o.header, AcceptsMore: isPair, Secret: true, Help: "KEY=VALUE: headers that every request gets; never shown or stored"},
		{Flag: "disable-tqdm", Value: params.Bool(&o.quiet), Default: "false", Help: "no progress lines"},
	}
}

// sampled tells whether a sampling parameter is given.
func (o *samplingOptions) sampled() bool {
	return o.temperature != "" || o.topP != "" || o.topK != "" || o.minP != ""
}

// member is a member of a JSON object: a name and a value in JSON.
type member struct{ name, value string }

// members are joined after what stands before.
func members(before string, list ...member) string {
	for _, m := range list {
		before += `,"` + m.name + `":` + m.value
	}
	return before
}

// chosen are the members that only some runs have, in vLLM's order.
func (o *samplingOptions) chosen() (list []member) {
	for _, m := range []member{{"top_p", string(o.topP)}, {"top_k", string(o.topK)}, {"min_p", string(o.minP)}} {
		if m.value != "" {
			list = append(list, m)
		}
	}
	return append(list, o.more...)
}

// quoted is a text as JSON.
func quoted(text string) string {
	data, err := json.Marshal(text)
	if err != nil {
		return `""` // no text is without JSON
	}
	return string(data)
}
