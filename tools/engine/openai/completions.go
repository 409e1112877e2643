package openai

import (
	"strconv"
	"strings"

	"github.com/LMCache/LMBench/tools/data/chat"
)

// Completions returns OpenAI's completions API, as vLLM and SGLang offer it.
func Completions() Backend { return completions{} }

type completions struct{}

func (completions) Path() string { return "/v1/completions" }

func (completions) Form() Form { return Form{End: "[DONE]"} }

func (completions) Body(r *Request) Body {
	return Body{
		{JSON: `{"model":"`, Text: chat.Text{r.Model}},
		{`","prompt":"`, r.Prompt, r.Plain},
		{JSON: `"` + r.settings()},
	}
}

func (completions) Decode(data []byte, d *Delta) error { return decodeChoices(data, d) }

// settings returns the end of a body of OpenAI's APIs, after the prompt.
func (r *Request) settings() string {
	temperature := strconv.FormatFloat(r.Temperature, 'f', -1, 64)
	if !strings.Contains(temperature, ".") {
		temperature += ".0" // a float, to engines that distinguish
	}
	s := `,"max_tokens":` + strconv.Itoa(r.MaxTokens) + `,"temperature":` + temperature +
		`,"stream":true,"stream_options":{"include_usage":true}`
	if r.IgnoreEOS {
		s += `,"ignore_eos":true`
	}
	return s + "}"
}
