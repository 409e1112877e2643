// Package sse reads streams of server-sent events (text/event-stream), including the
// ways in which LLM engines deviate from the standard.
package sse

import (
	"bytes"
	"errors"
	"io"
	"iter"
)

// Failed is the type of an event that reports an error of the engine: "event: error",
// a line "error: …", or a line of bare JSON in place of a field.
const Failed = "error"

// An Event is one event of a stream.
type Event struct {
	Type string // as the stream names it; usually empty
	Data []byte // lines joined by \n; valid until more of the stream is read
}

// Pieces provides a stream's bytes as they are received. A piece is valid until the next
// call of Next. At the end of the stream the error is io.EOF.
type Pieces interface{ Next() ([]byte, error) }

// Read yields the events of a stream, and an error if it does not end well:
// io.ErrUnexpectedEOF if it ends within an event, which is not yielded. An event, and
// any single line, may have at most limit bytes, field names included. Nothing is read
// before the consumer asks for it.
func Read(from Pieces, limit int) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		s := newStream(from, limit)
		defer s.free()
		for {
			event, err := s.next()
			if errors.Is(err, io.EOF) {
				return
			}
			if !yield(event, err) || err != nil {
				return
			}
		}
	}
}

// next reads the lines of the next event.
func (s *stream) next() (Event, error) {
	s.size = 0
	if len(s.data) > 0 {
		s.data = s.data[:0]
	}
	named, filled := false, false
	for {
		line, err := s.line()
		if err != nil {
			if errors.Is(err, io.EOF) && (named || filled || len(line) > 0) {
				err = io.ErrUnexpectedEOF
			}
			return Event{}, err
		}
		if len(line) == 0 {
			// Only an error may be without data.
			if filled || named && s.name == Failed {
				return Event{s.eventType(named), s.data}, nil
			}
			named, s.size = false, 0
			continue
		}
		name, value := field(line)
		switch string(name) {
		case "": // a comment, which does not count towards the limit: they may be many
			continue
		case "data":
			if filled {
				s.data = append(s.data, '\n')
			} else if s.ended() { // the usual event is not copied
				return Event{s.eventType(named), value}, nil
			}
			s.data = append(s.data, value...)
			filled = true
		case "event":
			s.rename(value)
			named = true
		case "error": // not in the standard; no empty line need follow
			return Event{Failed, value}, nil
		default:
			if line[0] == '{' {
				return Event{Failed, line}, nil
			}
		}
		s.size += len(line)
	}
}

// eventType returns the type of an event, or "" if it was not named.
func (s *stream) eventType(named bool) string {
	if !named {
		return ""
	}
	return s.name
}

// rename sets the name. A name that repeats is not allocated again.
func (s *stream) rename(name []byte) {
	if string(name) != s.name {
		s.name = string(name)
	}
}

// field splits "name: value"; one space after the colon is dropped.
func field(line []byte) (name, value []byte) {
	name, value, _ = bytes.Cut(line, []byte{':'})
	return name, bytes.TrimPrefix(value, []byte{' '})
}
