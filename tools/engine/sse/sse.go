// Package sse reads event streams (text/event-stream), as engines send them.
package sse

import (
	"bytes"
	"errors"
	"io"
	"iter"
)

// Failed is the type of an event by which an engine says that it failed:
// "event: error", a line "error: …", or a line of bare JSON where a field
// was due.
const Failed = "error"

// Event is one event of a stream.
type Event struct {
	Type string // as the stream named it; mostly empty
	Data []byte // lines joined by \n; valid until more of the stream is read
}

// Pieces are a stream's bytes as they come. A piece is valid until the next one is
// asked for; after the last comes an error, io.EOF if all is well.
type Pieces interface{ Next() ([]byte, error) }

// Read yields the events of a stream. The error comes last and once: nil never,
// io.ErrUnexpectedEOF for a stream that ends within an event, which is then
// not delivered. An event, and any single line, may have limit bytes, field
// names included. Nothing is read beyond what the consumer asked for.
func Read(from Pieces, limit int) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		s := borrow(from, limit)
		defer s.giveBack()
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

// next reads lines until they make an event.
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
			// An error needs no data to be one; other events do.
			if filled || named && s.name == Failed {
				return Event{s.eventType(named), s.data}, nil
			}
			named, s.size = false, 0
			continue
		}
		name, value := field(line)
		switch string(name) {
		case "": // a comment; may come for ever, so it counts for no event
			continue
		case "data":
			if filled {
				s.data = append(s.data, '\n')
			} else if s.ended() { // the usual event: it stays where it came
				return Event{s.eventType(named), value}, nil
			}
			s.data = append(s.data, value...)
			filled = true
		case "event":
			s.rename(value)
			named = true
		case "error": // not of the standard: said at once, nothing need follow
			return Event{Failed, value}, nil
		default:
			if line[0] == '{' {
				return Event{Failed, line}, nil
			}
		}
		s.size += len(line)
	}
}

// eventType is the type of an event, if it was named.
func (s *stream) eventType(named bool) string {
	if !named {
		return ""
	}
	return s.name
}

// rename keeps a name as a string, so that one that repeats costs nothing.
func (s *stream) rename(name []byte) {
	if string(name) != s.name {
		s.name = string(name)
	}
}

// field splits "name: value"; one space after the colon is not of the value.
func field(line []byte) (name, value []byte) {
	name, value, _ = bytes.Cut(line, []byte{':'})
	return name, bytes.TrimPrefix(value, []byte{' '})
}
