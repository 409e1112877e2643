package openai

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/LMCache/LMBench/tools/engine/sse"
)

const (
	eventLimit = 16 << 20 // bytes of one event
	minChunks  = 16       // chunks for which memory is made at first, at least
	maxChunks  = 128      // and at most
	perChunk   = 6        // bytes of text
	maxTokens  = 1 << 40  // of a prompt or an answer: sums of any number of rows stay exact
	keptBuffer = 64 << 10 // bytes of a document's buffer that is used again
)

// read reads the answer to its end.
func (x *call) read(response *http.Response) error {
	if x.form.Document {
		return x.readDocument()
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
		default:
			if err := x.take(event.Data); err != nil {
				return err
			}
			if x.delta.Last {
				return x.done(response)
			}
		}
	}
	if x.form.End != "" && !x.complete {
		return x.broken(x.incomplete())
	}
	return x.done(response)
}

// incomplete returns the error of a stream that ended too soon.
func (x *call) incomplete() error {
	if x.form.End == "" {
		return errors.New("the stream ended without an event")
	}
	return errors.New("the stream ended without " + x.form.End)
}

// take adds an event to the reply. It arrived when it was complete, which was before
// it was decoded.
func (x *call) take(data []byte) error {
	arrival, d := x.deadline.arrival, &x.delta
	d.reset()
	if err := x.backend.Decode(data, d); err != nil {
		return fmt.Errorf("malformed chunk: %w: %s", err, x.quote(string(data)))
	}
	if d.Failed {
		return x.failed(data)
	}
	hasTokens := d.hasTokens()
	x.add(arrival, d.Part, hasTokens)
	d.writeTo(&x.text)
	if d.FinishReason != "" {
		x.reply.FinishReason = d.FinishReason
	}
	x.complete = x.complete || d.Complete
	if d.HasUsage {
		return x.counted(d.Usage, hasTokens)
	}
	return nil
}

// add notes the arrival of an event.
func (x *call) add(arrival time.Duration, part, hasTokens bool) {
	if x.request.Events && part {
		x.reply.Events = append(x.reply.Events, arrival)
	}
	if !hasTokens {
		return
	}
	if x.reply.Chunks == nil {
		expected := min(max(x.request.MaxTokens, minChunks), maxChunks)
		x.reply.Chunks = make([]time.Duration, 0, expected)
		x.text.Grow(expected * perChunk)
		x.reply.FirstToken = arrival
	}
	x.reply.Chunks = append(x.reply.Chunks, arrival)
}

// counted notes the usage of an event that may have tokens as well: some engines count
// in every chunk.
func (x *call) counted(u Usage, hasTokens bool) error {
	if most := max(u.Prompt, u.Completion, u.Cached); most > maxTokens {
		return fmt.Errorf("a usage of %d tokens", most)
	}
	x.reply.Usage = u
	if hasTokens && len(x.reply.Counts) == len(x.reply.Chunks)-1 {
		x.reply.Counts = append(x.reply.Counts, u.Completion)
	}
	return nil
}

// done ends an answer that was streamed.
func (x *call) done(response *http.Response) error {
	x.reply.Finish = x.deadline.arrival
	if !response.Close { // otherwise the connection ends with the answer
		x.deadline.drain()
	}
	switch {
	case len(x.reply.Chunks) > 0:
		return nil
	case len(x.reply.Events) > 0:
		x.reply.FirstToken = x.reply.Events[0]
		return nil
	case x.reply.FinishReason != "":
		return fmt.Errorf("the answer is empty, finish reason %q", x.word(x.reply.FinishReason))
	}
	return errors.New("the answer is empty")
}

var documents = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// readDocument reads an answer that is one document.
func (x *call) readDocument() error {
	document := documents.Get().(*bytes.Buffer)
	defer func() {
		if document.Reset(); document.Cap() <= keptBuffer {
			documents.Put(document)
		}
	}()
	if _, err := document.ReadFrom(io.LimitReader(x.deadline, eventLimit)); err != nil {
		return x.broken(err)
	}
	x.reply.Finish = x.deadline.arrival
	data, d := document.Bytes(), &x.delta
	d.reset()
	if err := x.backend.Decode(data, d); err != nil {
		return fmt.Errorf("malformed answer: %w: %s", err, x.quote(string(data)))
	}
	if d.Failed {
		return x.failed(data)
	}
	d.writeTo(&x.text)
	if d.HasUsage {
		return x.counted(d.Usage, false)
	}
	return nil
}
