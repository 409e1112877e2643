package openai

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"time"

	"github.com/LMCache/LMBench/tools/internal/sse"
)

const eventLimit = 16 << 20 // bytes of one event

// Stream sends a request and reads the answer to its end. An answer that is
// not whole, is an error or has no text is a failure; nothing is sent twice,
// but for what Attempts says. An error of the caller's context comes as such.
func (c *Client) Stream(ctx context.Context, r Request) (Reply, error) {
	x := &exchange{client: c, request: &r, body: r.body(), watch: newWatch(ctx, &c.config)}
	x.length = x.body.length()
	defer x.watch.stop()

	url := c.url(&r)
	err := r.check()
	if err == nil {
		err = x.run(url)
	}
	if err != nil {
		err = fmt.Errorf("POST %s: %w", url, err)
	}
	x.reply.Text = x.text.String()
	if x.reply.Finish == 0 && !x.reply.Launch.IsZero() {
		x.reply.Finish = time.Since(x.reply.Launch)
	}
	return x.reply, err
}

// exchange is one request and its answer, under way.
type exchange struct {
	client  *Client
	request *Request
	body    body
	length  int64 // bytes of the body
	watch   *watch
	text    strings.Builder
	reply   Reply
}

type exchangeKey struct{}

func exchangeOf(r *http.Request) *exchange {
	return r.Context().Value(exchangeKey{}).(*exchange)
}

// The following are called by the transport, in the goroutine of Stream.

func (x *exchange) launch() {
	x.reply.Launch = time.Now()
	x.watch.launched()
}

func (x *exchange) connecting(string) { x.watch.connecting() }

func (x *exchange) connected(httptrace.GotConnInfo) {
	x.reply.Connect = time.Since(x.reply.Launch)
	x.reply.Attempts++
	x.watch.connected()
}

func (x *exchange) run(to string) error {
	ctx := httptrace.WithClientTrace(x.watch.ctx, &httptrace.ClientTrace{GetConn: x.connecting, GotConn: x.connected})
	r := x.client.http.R().SetContext(context.WithValue(ctx, exchangeKey{}, x))
	if x.request.UserID != "" {
		r.SetHeader("X-User-Id", x.request.UserID)
	}
	if x.request.Call != nil {
		r.SetHeaders(x.request.Call.Header)
	}
	response, err := r.Post(to)
	if err != nil {
		var wrapped *url.Error // says what Stream says
		if errors.As(err, &wrapped) {
			err = wrapped.Err
		}
		return x.watch.because(err)
	}
	x.watch.received()
	x.watch.body = response.RawResponse.Body
	if response.StatusCode() != http.StatusOK {
		return x.refused(response.RawResponse)
	}
	return x.read(response.RawResponse)
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
	arrival := x.watch.arrival.Sub(x.reply.Launch)
	var c chunk
	if err := json.Unmarshal(data, &c); err != nil {
		return fmt.Errorf("malformed chunk: %w: %s", err, x.quote(string(data)))
	}
	if c.failed() {
		return x.failed(data)
	}
	if x.request.Call != nil && len(c.Choices) > 0 {
		x.reply.Events = append(x.reply.Events, arrival)
	}
	if text, some := c.text(); some {
		x.text.WriteString(text)
		x.reply.Chunks = append(x.reply.Chunks, arrival)
		x.reply.FirstToken = x.reply.Chunks[0]
		if c.Usage != nil && len(x.reply.Counts) == len(x.reply.Chunks)-1 {
			x.reply.Counts = append(x.reply.Counts, max(0, c.Usage.CompletionTokens))
		}
	}
	for _, choice := range c.Choices {
		if choice.FinishReason != "" {
			x.reply.FinishReason = choice.FinishReason
		}
	}
	if c.Usage != nil {
		x.reply.Usage = c.usage()
	}
	return nil
}

// done ends an answer.
func (x *exchange) done(response *http.Response) error {
	x.reply.Finish = x.watch.arrival.Sub(x.reply.Launch)
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
		return fmt.Errorf("the answer is empty, finish reason %q", x.reply.FinishReason)
	}
	return errors.New("the answer is empty")
}
