package openai

import (
	"encoding/json"
	"errors"
	"strconv"

	"github.com/LMCache/LMBench/tools/data/chat"
)

// NonStreaming returns OpenAI's completions API without streaming: an answer is one
// document, with choices or with the text of DeepSpeed-MII.
func NonStreaming() Backend { return nonStreaming{} }

type nonStreaming struct{}

func (nonStreaming) Path() string { return "/v1/completions" }

func (nonStreaming) Form() Form { return Form{Document: true} }

func (nonStreaming) Body(r *Request) Body {
	return Body{
		{JSON: `{"model":"`, Text: chat.Text{r.Model}},
		{`","prompt":"`, r.Prompt, r.Plain},
		{JSON: `","max_tokens":` + strconv.Itoa(r.MaxTokens) + "}"},
	}
}

func (nonStreaming) Decode(data []byte, d *Delta) error {
	if err := decodeChoices(data, d); err != nil || d.Part || d.Failed {
		return err
	}
	var document struct {
		Text []string `json:"text"`
	}
	if err := json.Unmarshal(data, &document); err != nil || len(document.Text) == 0 {
		return errors.New("neither choices nor text")
	}
	d.Text, d.inPlace = document.Text[0], nil
	return nil
}
