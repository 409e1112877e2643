package openai

import (
	"encoding/json"
	"strconv"
)

// TGI returns the streaming API of Hugging Face's Text Generation Inference. It
// accepts neither a temperature of 0 nor a top-p of 1: the nearest values are sent.
func TGI() Backend { return tgi{} }

type tgi struct{}

func (tgi) Path() string { return "/generate_stream" }

func (tgi) Form() Form { return Form{End: "generated_text"} }

func (tgi) Body(r *Request) Body {
	return Body{{`{"inputs":"`, r.Prompt, r.Plain}, {JSON: `","parameters":{"max_new_tokens":` + strconv.Itoa(r.MaxTokens) +
		`,"do_sample":true,"temperature":0.01,"top_p":0.99,"truncate":` + strconv.Itoa(r.PromptTokens) +
		`,"ignore_eos_token":` + strconv.FormatBool(r.IgnoreEOS) + `}}`}}
}

func (tgi) Decode(data []byte, d *Delta) error {
	var event struct {
		Token struct {
			Text string `json:"text"`
		} `json:"token"`
		GeneratedText *string `json:"generated_text"` // of the last event
		Details       *struct {
			FinishReason string `json:"finish_reason"`
			Tokens       int    `json:"generated_tokens"`
		} `json:"details"`
		Error json.RawMessage `json:"error"`
	}
	if err := json.Unmarshal(data, &event); err != nil {
		return err
	}
	d.Text, d.Part, d.Complete, d.Failed = event.Token.Text, true, event.GeneratedText != nil, reportsError(event.Error)
	if event.Details != nil {
		d.FinishReason = event.Details.FinishReason
		d.Usage.Completion, d.HasUsage = event.Details.Tokens, true
	}
	return nil
}
