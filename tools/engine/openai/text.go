package openai

import (
	"strings"
	"sync"
	"unicode/utf8"
)

const pieceSize = 64 << 10

// pieces hold what is longer than most answers.
var pieces = sync.Pool{New: func() any { return new([pieceSize]byte) }}

// text collects an answer's text. One of many megabytes continues in pieces: moving it
// to larger memory as it grew took half of the time of receiving it.
type text struct {
	unread bool // nothing that is written is kept
	start  strings.Builder
	full   []*[pieceSize]byte // after start; the last one may be partly filled
	last   int                // bytes in the last one
}

func (t *text) Grow(n int) {
	if !t.unread {
		t.start.Grow(n)
	}
}

func (t *text) Write(p []byte) (int, error) {
	if t.unread {
		return len(p), nil
	}
	if t.full == nil && t.start.Len()+len(p) <= pieceSize {
		return t.start.Write(p)
	}
	for rest := p; len(rest) > 0; {
		if t.full == nil || t.last == pieceSize {
			t.full, t.last = append(t.full, pieces.Get().(*[pieceSize]byte)), 0
		}
		n := copy(t.full[len(t.full)-1][t.last:], rest)
		t.last += n
		rest = rest[n:]
	}
	return len(p), nil
}

func (t *text) WriteString(s string) { t.Write([]byte(s)) }

func (t *text) WriteRune(r rune) {
	var encoded [utf8.UTFMax]byte
	t.Write(utf8.AppendRune(encoded[:0], r))
}

// take returns the whole text and leaves an empty one.
func (t *text) take() string {
	if t.full == nil {
		whole := t.start.String()
		*t = text{}
		return whole
	}
	var whole strings.Builder
	whole.Grow(t.start.Len() + (len(t.full)-1)*pieceSize + t.last)
	whole.WriteString(t.start.String())
	for i, piece := range t.full {
		n := pieceSize
		if i == len(t.full)-1 {
			n = t.last
		}
		whole.Write(piece[:n])
		pieces.Put(piece)
	}
	*t = text{}
	return whole.String()
}
