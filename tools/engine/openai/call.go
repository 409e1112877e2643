package openai

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/go-resty/resty/v2"

	"github.com/LMCache/LMBench/tools/engine/http1"
	"github.com/LMCache/LMBench/tools/engine/sse"
)

const (
	eventLimit = 16 << 20 // bytes of one event
	fewChunks  = 16       // there is room for at first
	manyChunks = 128      // at the most
	perChunk   = 6        // bytes of text
	mostTokens = 1 << 40  // of a prompt or an answer: sums of any number of rows stay exact
)

// Stream sends a request and reads the answer to its end. An answer that is not
// complete, is an error or has no text is a failure. Nothing is sent twice, except as
// Attempts counts. If ctx ends, the error wraps its error.
func (c *Client) Stream(ctx context.Context, r Request) (Reply, error) {
	x := c.calls.Get().(*call)
	x.request, x.body, x.deadline = r, r.body(), c.deadlines.get(ctx, &c.config)
	x.deadline.call = x
	defer x.end()
	x.text.unread = r.Unread
	x.length = x.body.length()
	x.deadline.tokens = max(0, r.MaxTokens)
	x.url = c.beside(r.path())

	err := r.check()
	if err == nil {
		err = x.run()
	}
	if err != nil {
		err = fmt.Errorf("POST %s: %w", x.url, c.redacted(err))
	}
	d := x.deadline
	x.reply.Launch, x.reply.Connect, x.reply.Attempts = d.launch, d.connect, d.attempts
	x.reply.Written = time.Duration(d.written.Load())
	x.reply.Text = c.answered(x.text.take())
	x.reply.FinishReason = x.word(x.reply.FinishReason)
	if x.reply.Finish == 0 && !d.launch.IsZero() {
		x.reply.Finish = time.Since(d.launch)
	}
	return x.reply, err
}

// call is one request and its answer, under way.
type call struct {
	// What each chunk needs is together: memory is fetched by lines of 64 bytes,
	// which takes longer than what is done with them.
	deadline *deadline
	peeked   peeked
	reply    Reply
	text     text
	scanned  scanned // the chunk being read

	request Request
	client  *Client
	url     string
	http    *resty.Request
	body    body
	getBody func() (io.ReadCloser, error)
	length  int64 // bytes of the body
}

// end ends a call, which is used for another unless net/http may still read its body.
func (x *call) end() {
	c := x.client
	_, reuse := c.transport.(*http1.Transport)
	c.deadlines.put(x.deadline, reuse)
	if reuse {
		x.http.RawRequest = nil
		*x = call{client: c, http: x.http, getBody: x.getBody}
		c.calls.Put(x)
	}
}

// run sends the request and reads the answer.
func (x *call) run() error {
	response, err := x.send()
	if err != nil {
		return x.deadline.because(err)
	}
	x.deadline.begin(response.Body)
	if coding := response.Header.Get("Content-Encoding"); coding != "" && coding != "identity" {
		return fmt.Errorf("status %d: answered with Content-Encoding %q, which was not asked for", response.StatusCode, x.quote(coding))
	}
	if response.StatusCode != http.StatusOK {
		return x.refused(response)
	}
	return x.read(response)
}

// read reads the events up to [DONE], or to the end after a finish reason.
func (x *call) read(response *http.Response) error {
	if x.request.Call != nil && x.request.Call.Answer != Choices {
		return x.readCall(response)
	}
	stream, document, err := x.peek()
	if err != nil {
		return err
	}
	if document != nil {
		return x.noStream(response, document)
	}
	for event, err := range sse.Read(stream, eventLimit) {
		switch {
		case err != nil:
			return x.broken(err)
		case event.Type == sse.Failed:
			return x.failed(event.Data)
		case len(event.Data) == 0:
		case string(bytes.TrimSpace(event.Data)) == "[DONE]":
			return x.done(response)
		default:
			if err := x.take(event.Data); err != nil {
				return err
			}
		}
	}
	if x.reply.FinishReason != "" { // some engines, such as transformers serve, end with it and no [DONE]
		return x.done(response)
	}
	return x.broken(errors.New("the stream ended without [DONE]"))
}

// take adds one chunk to the reply. It arrived when it was complete, which was
// before it was looked at.
func (x *call) take(data []byte) error {
	arrival := x.deadline.arrival
	if c := &x.scanned; c.scan(data) {
		text, some := c.answer()
		x.add(arrival, c.choices > 0, some)
		text.writeTo(&x.text)
		if len(c.finish.raw) > 0 {
			x.reply.FinishReason = string(c.finish.raw)
		}
		if c.counted {
			return x.counted(c.usage, some)
		}
		return nil
	}
	var c chunk
	if err := json.Unmarshal(data, &c); err != nil {
		return fmt.Errorf("malformed chunk: %w: %s", err, x.quote(string(data)))
	}
	if c.failed() {
		return x.failed(data)
	}
	text, some := c.text()
	x.add(arrival, len(c.Choices) > 0, some)
	x.text.WriteString(text)
	if finish := c.finish(); finish != "" {
		x.reply.FinishReason = finish
	}
	if c.Usage != nil {
		return x.counted(c.usage(), some)
	}
	return nil
}

// add notes that a chunk came, with a choice and some of the answer.
func (x *call) add(arrival time.Duration, choice, some bool) {
	if x.request.Call != nil && choice {
		x.reply.Events = append(x.reply.Events, arrival)
	}
	if some {
		if x.reply.Chunks == nil {
			room := min(max(x.request.MaxTokens, fewChunks), manyChunks)
			x.reply.Chunks = make([]time.Duration, 0, room)
			x.text.Grow(room * perChunk)
			x.reply.FirstToken = arrival
		}
		x.reply.Chunks = append(x.reply.Chunks, arrival)
	}
}

// counted takes a chunk's usage; some tells whether it has text as well, as with
// an engine that counts in every chunk.
func (x *call) counted(u Usage, some bool) error {
	if most := max(u.Prompt, u.Completion, u.Cached); most > mostTokens {
		return fmt.Errorf("a usage of %d tokens", most)
	}
	x.reply.Usage = u
	if some && len(x.reply.Counts) == len(x.reply.Chunks)-1 {
		x.reply.Counts = append(x.reply.Counts, u.Completion)
	}
	return nil
}

// done ends an answer.
func (x *call) done(response *http.Response) error {
	x.reply.Finish = x.deadline.arrival
	if !response.Close { // else the connection ends with the answer
		x.deadline.drain()
	}
	if len(x.reply.Chunks) > 0 {
		return nil
	}
	if len(x.reply.Events) > 0 { // vLLM's client takes an answer without text for one
		x.reply.FirstToken = x.reply.Events[0]
		return nil
	}
	if x.reply.FinishReason != "" {
		return fmt.Errorf("the answer is empty, finish reason %q", x.word(x.reply.FinishReason))
	}
	return errors.New("the answer is empty")
}
