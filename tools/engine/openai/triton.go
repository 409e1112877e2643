package openai

import (
	"encoding/json"
	"strconv"
)

// Triton returns the streaming API of NVIDIA's Triton server for TensorRT-LLM.
func Triton() Backend { return triton{} }

type triton struct{}

func (triton) Path() string { return "/v2/models/ensemble/generate_stream" }

func (triton) Form() Form { return Form{} }

func (triton) Body(r *Request) Body {
	after := `","temperature":0.0,"top_p":1.0,"max_tokens":` + strconv.Itoa(r.MaxTokens) + `,"stream":true`
	if r.IgnoreEOS {
		after += `,"min_length":` + strconv.Itoa(r.MaxTokens)
	}
	return Body{{`{"accumulate_tokens":true,"text_input":"`, r.Prompt, r.Plain}, {JSON: after + "}"}}
}

func (triton) Decode(data []byte, d *Delta) error {
	var event struct {
		Text  string          `json:"text_output"`
		Error json.RawMessage `json:"error"`
	}
	if err := json.Unmarshal(data, &event); err != nil {
		return err
	}
	d.Text, d.Part, d.Failed = event.Text, true, reportsError(event.Error)
	return nil
}
