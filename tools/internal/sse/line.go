package sse

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"sync"
)

const (
	buffered = 4096     // bytes read ahead; a chunk of an answer has about 300
	more     = 64 << 10 // bytes, once a line was longer than that
	kept     = 64 << 10 // bytes a buffer may have and still be used again
)

// stream holds one stream's place and the buffers it reuses.
type stream struct {
	from  io.Reader
	in    *bufio.Reader // small or large
	small *bufio.Reader
	limit int // bytes of an event
	size  int // bytes of the event so far
	begun bool
	long  []byte // a line that did not fit into in
	data  []byte // of the event
	name  string // the last event type
}

// Streams come by the thousand and are short: their buffers go round.
var streams = sync.Pool{New: func() any {
	return &stream{small: bufio.NewReaderSize(nil, buffered)}
}}

var large = sync.Pool{New: func() any { return bufio.NewReaderSize(nil, more) }}

func borrow(r io.Reader, limit int) *stream {
	s := streams.Get().(*stream)
	s.from, s.in = r, s.small
	s.in.Reset(r)
	s.limit, s.size, s.begun = limit, 0, false
	return s
}

func (s *stream) giveBack() {
	if s.in != s.small {
		s.in.Reset(nil)
		large.Put(s.in)
	}
	s.small.Reset(nil)
	s.from, s.in = nil, nil
	if cap(s.long) <= kept && cap(s.data) <= kept {
		streams.Put(s)
	}
}

// line is the next line without its end, valid until the next call. With an
// error comes what there is of a line.
func (s *stream) line() ([]byte, error) {
	line, err := s.in.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		line, err = s.longLine(line)
	}
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

// longLine reads on, to the end of the line or beyond the limit. Others as long
// may follow, so it goes on with a buffer into which they fit; the one so far is
// empty, since the line fills it.
func (s *stream) longLine(head []byte) ([]byte, error) {
	s.long = append(s.long[:0], head...)
	if s.in == s.small {
		s.in = large.Get().(*bufio.Reader)
		s.in.Reset(s.from)
	}
	for {
		more, err := s.in.ReadSlice('\n')
		s.long = append(s.long, more...)
		if !errors.Is(err, bufio.ErrBufferFull) || s.size+len(s.long) > s.limit {
			return s.long, err
		}
	}
}
