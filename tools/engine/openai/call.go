package openai

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/go-resty/resty/v2"

	"github.com/LMCache/LMBench/tools/engine/http1"
)

// Stream sends a request and reads the answer to its end. An answer that is not
// complete, is an error or has no text is a failure. Nothing is sent twice, except as
// Attempts counts. If ctx ends, the error wraps its error.
func (c *Client) Stream(ctx context.Context, r Request) (Reply, error) {
	x := c.calls.Get().(*call)
	x.request, x.backend = r, r.backend()
	x.body, x.form, x.url = x.backend.Body(&r), x.backend.Form(), c.beside(x.backend.Path())
	x.deadline = c.deadlines.get(ctx, &c.config)
	x.deadline.call = x
	defer x.end()
	x.text.unread = r.Unread
	x.length = x.body.length()
	x.deadline.tokens = max(0, r.MaxTokens)

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
	delta    Delta // of the event being read
	backend  Backend
	form     Form
	complete bool // the stream may end

	request Request
	client  *Client
	url     string
	http    *resty.Request
	body    Body
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
