package openai

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/LMCache/LMBench/tools/engine/sse"
)

// peek reads the first bytes of an answer and returns it, with these bytes, either as a
// stream or as a document. No line of a stream begins as a document does.
func (x *call) peek() (stream sse.Pieces, document io.Reader, err error) {
	first, err := x.deadline.Next()
	if err != nil {
		if errors.Is(err, io.EOF) {
			err = x.incomplete()
		}
		return nil, nil, x.broken(err)
	}
	x.peeked = peeked{first, x.deadline}
	if start := bytes.TrimLeft(first, " \t\r\n"); len(start) > 0 && strings.ContainsRune("{[<", rune(start[0])) {
		return nil, &x.peeked, nil
	}
	return &x.peeked, nil, nil
}

// peeked is an answer whose first bytes have been read.
type peeked struct {
	unread []byte
	rest   *deadline
}

// Next implements sse.Pieces.
func (o *peeked) Next() ([]byte, error) {
	if len(o.unread) == 0 {
		return o.rest.Next()
	}
	first := o.unread
	o.unread = nil
	return first, nil
}

func (o *peeked) Read(p []byte) (int, error) {
	if len(o.unread) == 0 {
		return o.rest.Read(p)
	}
	n := copy(p, o.unread)
	o.unread = o.unread[n:]
	return n, nil
}

// noStream returns the error for an answer that is one document.
func (x *call) noStream(response *http.Response, document io.Reader) error {
	text, err := io.ReadAll(io.LimitReader(document, documentLimit))
	if said := errorMessage(text); said != "" {
		x.deadline.drain()
		return errors.New("the engine failed: " + x.quote(said))
	}
	if err != nil {
		return x.broken(err)
	}
	x.deadline.drain()
	if start := bytes.TrimSpace(text); start[0] == '{' {
		return errors.New("answered without streaming")
	}
	kind := cmp.Or(response.Header.Get("Content-Type"), "text")
	return fmt.Errorf("answered with %s instead of a stream: %s", x.quote(kind), x.quote(string(text)))
}

// refused returns the error for an answer whose status is not 200.
func (x *call) refused(response *http.Response) error {
	status := fmt.Sprintf("status %d", response.StatusCode)
	text, err := io.ReadAll(io.LimitReader(x.deadline, documentLimit))
	if err != nil && len(text) == 0 {
		return fmt.Errorf("%s: %w", status, x.deadline.because(err))
	}
	x.deadline.drain()
	if to := response.Header.Get("Location"); response.StatusCode/100 == 3 && to != "" {
		return fmt.Errorf("%s: redirected to %s, which is not followed", status, x.quote(to))
	}
	said := errorMessage(text)
	if said == "" && !bytes.HasPrefix(bytes.TrimSpace(text), []byte{'{'}) { // other JSON may repeat the request
		said = string(text)
	}
	if said = x.quote(said); said == "" {
		said = strings.ToLower(http.StatusText(response.StatusCode))
	}
	if after := x.quote(response.Header.Get("Retry-After")); after != "" { // it is only shown: nothing is sent again
		said += " (Retry-After: " + after + ")"
	}
	return fmt.Errorf("%s: %s", status, said)
}

// failed returns the error that an event reports.
func (x *call) failed(data []byte) error {
	said := x.quote(cmp.Or(errorMessage(data), string(data)))
	return errors.New("the engine failed: " + cmp.Or(said, "no reason given"))
}

// broken returns the error for a stream that ended too soon.
func (x *call) broken(err error) error {
	err = x.deadline.because(err)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = fmt.Errorf("the stream was cut: %w", err)
	}
	if n := len(x.reply.Chunks); n > 0 {
		return fmt.Errorf("after %d chunks: %w", n, err)
	}
	return err
}
