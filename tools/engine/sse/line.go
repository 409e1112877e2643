package sse

import (
	"bytes"
	"fmt"
	"sync"
)

const maxReused = 64 << 10 // bytes of a buffer that is used again

// stream is the state of reading one stream, with the buffers it reuses.
type stream struct {
	from  Pieces
	rest  []byte // of the last piece
	size  int    // bytes of the event so far
	limit int    // bytes of an event
	begun bool
	long  []byte // a line that began in an earlier piece
	data  []byte // of an event in several lines or pieces
	name  string // the last event type
}

// There are thousands of short streams, which share buffers.
var streamPool = sync.Pool{New: func() any { return new(stream) }}

func newStream(from Pieces, limit int) *stream {
	s := streamPool.Get().(*stream)
	s.from, s.limit, s.size, s.begun = from, limit, 0, false
	return s
}

func (s *stream) free() {
	s.from, s.rest = nil, nil
	if cap(s.long) <= maxReused && cap(s.data) <= maxReused {
		streamPool.Put(s)
	}
}

// line returns the next line without its end, valid until the next call. With an
// error it returns the beginning of a line.
func (s *stream) line() ([]byte, error) {
	line, err := s.cut()
	if s.size+len(line) > s.limit {
		return nil, fmt.Errorf("an event of more than %d bytes", s.limit)
	}
	if err != nil {
		return line, err
	}
	line = bytes.TrimSuffix(line[:len(line)-1], []byte{'\r'})
	if !s.begun {
		s.begun = true
		line = bytes.TrimPrefix(line, []byte("\xef\xbb\xbf")) // a byte order mark
	}
	return line, nil
}

// cut takes the next line with its end, or without it if an error or the limit comes
// first.
func (s *stream) cut() ([]byte, error) {
	if end := bytes.IndexByte(s.rest, '\n'); end >= 0 {
		return s.take(end + 1), nil
	}
	s.long = s.long[:0]
	for {
		s.long = append(s.long, s.rest...)
		s.rest = nil
		if s.size+len(s.long) > s.limit {
			return s.long, nil
		}
		piece, err := s.from.Next()
		if err != nil {
			return s.long, err
		}
		s.rest = piece
		if end := bytes.IndexByte(piece, '\n'); end >= 0 {
			if len(s.long) == 0 {
				return s.take(end + 1), nil
			}
			s.long = append(s.long, s.take(end+1)...)
			return s.long, nil
		}
	}
}

func (s *stream) take(n int) []byte {
	taken := s.rest[:n]
	s.rest = s.rest[n:]
	return taken
}

// ended takes an empty line if it has been received already. The line taken before
// stays valid as long as an event.
func (s *stream) ended() bool {
	n := 0
	switch {
	case bytes.HasPrefix(s.rest, []byte{'\n'}):
		n = 1
	case bytes.HasPrefix(s.rest, []byte("\r\n")):
		n = 2
	}
	s.take(n)
	return n > 0
}
