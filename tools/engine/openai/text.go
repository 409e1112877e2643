package openai

import (
	"strings"
	"sync"
	"unicode/utf8"
)

const pieceSize = 64 << 10

// Pieces take what is longer than most answers: a few go round.
var pieces = sync.Pool{New: func() any { return new([pieceSize]byte) }}

// text is an answer's text as it grows. One of many megabytes goes on in pieces:
// to move it whenever it outgrows its place, to memory never used before, took
// half of all the time that it took to receive it.
type text struct {
	unread bool // it is empty whatever is written
	start  strings.Builder
	full   []*[pieceSize]byte // they follow the start; the last one may not be full
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

// take is the whole text, after which there is none.
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
