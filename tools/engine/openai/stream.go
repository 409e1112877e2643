package openai

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/LMCache/LMBench/tools/engine/sse"
)

const (
	eventLimit = 16 << 20 // bytes of one event
	fewChunks  = 16       // there is room for at first
	manyChunks = 128      // at the most
	perChunk   = 6        // bytes of text
	mostTokens = 1 << 40  // of a prompt or an answer: sums of any number of rows stay exact
)

// Stream sends a request and reads the answer to its end. An answer that is
// not whole, is an error or has no text is a failure; nothing is sent twice,
// but for what Attempts says. An error of the caller's context comes as such.
func (c *Client) Stream(ctx context.Context, r Request) (Reply, error) {
	x := exchanges.Get().(*exchange)
	x.client, x.request, x.body, x.watch = c, r, r.body(), c.watches.of(ctx, &c.config)
	defer c.over(x)
	x.text.unread = r.Unread
	x.length = x.body.length()
	x.watch.tokens = max(0, r.MaxTokens)

	err := c.aim(x)
	if err == nil {
		err = r.check()
	}
	if err == nil {
		err = x.run()
	}
	if err != nil {
		err = fmt.Errorf("POST %s: %w", x.target, c.discreet(err))
	}
	x.reply.Text = c.answered(x.text.take())
	x.reply.FinishReason = x.word(x.reply.FinishReason)
	if x.reply.Finish == 0 && !x.reply.Launch.IsZero() {
		x.reply.Finish = time.Since(x.reply.Launch)
	}
	return x.reply, err
}

// exchange is one request and its answer, under way.
type exchange struct {
	// What each chunk needs is together: memory is fetched by lines of 64 bytes,
	// which takes longer than what is done with them.
	watch   *watch
	framed  framed // of a usual answer
	answer  answerBody
	opening opening
	reply   Reply
	text    text
	scanned scanned // the chunk being read

	request  Request
	client   *Client
	target   *target
	body     body
	length   int64         // bytes of the body
	response http.Response // usual
}

// Exchanges are used again: memory that is new costs a short request more than
// the parsing of its answer.
var exchanges = sync.Pool{New: func() any { return new(exchange) }}

// over ends an exchange. That of a proxy may still be read from, by http.Transport.
func (c *Client) over(x *exchange) {
	c.watches.put(x.watch)
	if c.direct != nil {
		*x = exchange{}
		exchanges.Put(x)
	}
}

// connected notes that there is a connection.
func (x *exchange) connected() {
	x.reply.Connect = x.watch.since()
	x.reply.Attempts++
	x.watch.connected(x.reply.Connect)
}

// run sends the request and reads the answer.
func (x *exchange) run() error {
	x.reply.Launch = time.Now()
	x.watch.launched(x.reply.Launch)
	response, err := x.client.send(x)
	if err != nil {
		return x.watch.because(err)
	}
	x.watch.received(x.watch.since())
	x.watch.body = response.Body
	if coding := response.Header.Get("Content-Encoding"); coding != "" && coding != "identity" {
		return fmt.Errorf("status %d: answered with Content-Encoding %q, which was not asked for", response.StatusCode, x.quote(coding))
	}
	if response.StatusCode != http.StatusOK {
		return x.refused(response)
	}
	return x.read(response)
}

// read reads the events up to [DONE], or to the end after a finish reason.
func (x *exchange) read(response *http.Response) error {
	if x.request.Call != nil && x.request.Call.Answer != Choices {
		return x.readCall(response)
	}
	stream, document, err := x.begin()
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
func (x *exchange) take(data []byte) error {
	arrival := x.watch.arrival
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
func (x *exchange) add(arrival time.Duration, choice, some bool) {
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
func (x *exchange) counted(u Usage, some bool) error {
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
func (x *exchange) done(response *http.Response) error {
	x.reply.Finish = x.watch.arrival
	if !response.Close { // else the connection ends with the answer
		x.watch.drain()
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
