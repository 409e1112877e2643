package openai

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/LMCache/LMBench/tools/engine/sse"
)

// Call is a request in an engine's own words, for engines and settings that
// Request does not know: its JSON is Before, the prompt, After.
type Call struct {
	Path   string            // below the server's root, beside /v1: /generate_stream
	Before string            // JSON that ends within the quotes of the prompt's string
	After  string            // JSON that goes on from there
	Header map[string]string // beside the usual ones
	Answer Answer
}

// Answer is the form of the answer to a Call.
type Answer int

const (
	Choices   Answer = iota // OpenAI's events, up to [DONE]
	Generated               // Text Generation Inference's events, the last with generated_text
	Triton                  // TensorRT-LLM's events with text_output, up to the end of the stream
	Whole                   // one document, not streamed: choices as OpenAI's or DeepSpeed-MII's text
)

// readCall reads an answer that has not OpenAI's form.
func (x *call) readCall(response *http.Response) error {
	if x.request.Call.Answer == Whole {
		return x.readWhole()
	}
	stream, document, err := x.peek()
	if err != nil {
		return err
	}
	if document != nil {
		return x.noStream(response, document)
	}
	ended := false
	for event, err := range sse.Read(stream, eventLimit) {
		switch {
		case err != nil:
			return x.broken(err)
		case event.Type == sse.Failed:
			return x.failed(event.Data)
		case len(event.Data) == 0:
		default:
			if ended, err = x.takeOther(event.Data); err != nil {
				return err
			}
		}
	}
	if x.request.Call.Answer == Generated && !ended {
		return x.broken(errors.New("the stream ended without generated_text"))
	}
	return x.done(response)
}

// takeOther adds one event of Generated or Triton to the reply; ended reports
// whether it is the answer's last.
func (x *call) takeOther(data []byte) (ended bool, err error) {
	arrival := x.deadline.arrival
	var event struct {
		Token struct {
			Text string `json:"text"`
		} `json:"token"`
		GeneratedText *string `json:"generated_text"`
		Details       *struct {
			FinishReason string `json:"finish_reason"`
			Tokens       int    `json:"generated_tokens"`
		} `json:"details"`
		TextOutput string          `json:"text_output"`
		Error      json.RawMessage `json:"error"`
	}
	if err := json.Unmarshal(data, &event); err != nil {
		return false, fmt.Errorf("malformed event: %w: %s", err, x.quote(string(data)))
	}
	if len(event.Error) > 0 && string(event.Error) != "null" {
		return false, x.failed(data)
	}
	x.arrived(arrival, event.Token.Text+event.TextOutput)
	if event.Details != nil {
		x.reply.FinishReason = event.Details.FinishReason
		x.reply.Usage.Completion = event.Details.Tokens
	}
	return event.GeneratedText != nil, nil
}

// arrived notes an event of the answer, and its text if it has any.
func (x *call) arrived(at time.Duration, text string) {
	x.reply.Events = append(x.reply.Events, at)
	if text != "" {
		x.text.WriteString(text)
		x.reply.Chunks = append(x.reply.Chunks, at)
		x.reply.FirstToken = x.reply.Chunks[0]
	}
}

const mostWhole = 64 << 10 // bytes of a buffer that is kept

var wholes = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// readWhole reads an answer that is one document.
func (x *call) readWhole() error {
	whole := wholes.Get().(*bytes.Buffer)
	defer func() {
		if whole.Reset(); whole.Cap() <= mostWhole {
			wholes.Put(whole)
		}
	}()
	if _, err := whole.ReadFrom(io.LimitReader(x.deadline, eventLimit)); err != nil {
		return x.broken(err)
	}
	x.reply.Finish = x.deadline.arrival
	data := whole.Bytes() // of which nothing is kept
	if c := &x.scanned; c.scan(data) && c.choices > 0 {
		text, _ := c.answer()
		text.writeTo(&x.text)
		return x.counted(c.usage, false)
	}
	var document struct {
		chunk
		Text json.RawMessage `json:"text"`
	}
	if err := json.Unmarshal(data, &document); err != nil {
		return fmt.Errorf("malformed answer: %w: %s", err, x.quote(string(data)))
	}
	if document.failed() {
		return x.failed(data)
	}
	text, _ := document.text()
	if texts := []string{}; len(document.Choices) == 0 && json.Unmarshal(document.Text, &texts) == nil && len(texts) > 0 {
		text = texts[0]
	} else if len(document.Choices) == 0 {
		return errors.New("the answer has neither choices nor text")
	}
	x.text.WriteString(text)
	if document.Usage != nil {
		return x.counted(document.usage(), false)
	}
	return nil
}

// Profile starts or ends the engine's profiler, which vLLM offers beside its API.
func (c *Client) Profile(ctx context.Context, start bool) error {
	path := "/stop_profile"
	if start {
		path = "/start_profile"
	}
	_, err := c.aside(ctx, http.MethodPost, c.beside(path), nil)
	return err
}
