package live

import (
	"bytes"
	"io"
	"strings"
	"sync"
)

// Screen keeps a few lines at the end of what is written to a terminal up to
// date. What else is written stands above them. The cursor rests at the start
// of the first, so that no change of the terminal's size can make the screen
// lose its place.
type Screen struct {
	size func() (columns, rows int)
	bold bool

	mu      sync.Mutex // of all below
	out     io.Writer
	lines   []string
	unended []byte // of a line that is not complete
}

// NewScreen is a screen of a terminal, whose size is asked for at each change.
// Without styles nothing is bold.
func NewScreen(terminal io.Writer, size func() (columns, rows int), styles bool) *Screen {
	return &Screen{out: terminal, size: size, bold: styles}
}

// Columns is how many a line may have.
func (s *Screen) Columns() int {
	columns, _ := s.size()
	return max(columns-1, 1) // a line of full width would begin another
}

// Show puts lines in place of those that are there; none: it takes them away.
func (s *Screen) Show(lines []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(lines) == 0 && len(s.lines) == 0 {
		return
	}
	s.lines = lines
	var b bytes.Buffer
	if len(lines) == 0 {
		b.WriteString("\r\x1b[J")
		b.Write(s.unended)
		s.unended = nil
	} else {
		s.draw(&b)
	}
	s.out.Write(b.Bytes())
}

// draw writes line over line, which does not flicker, and clears what follows.
func (s *Screen) draw(b *bytes.Buffer) {
	_, rows := s.size()
	columns := s.Columns()
	lines := s.lines[:min(len(s.lines), max(rows-1, 1))]
	b.WriteByte('\r')
	for i, text := range lines {
		if i > 0 {
			b.WriteString("\r\n")
		}
		text = cut(text, columns)
		if s.bold && i == 0 {
			text = "\x1b[1m" + text + "\x1b[0m"
		}
		b.WriteString(text + "\x1b[K")
	}
	b.WriteString("\x1b[J\r")
	if up := len(lines) - 1; up > 0 {
		b.WriteString(strings.Repeat("\x1b[A", up))
	}
}

// Write writes above the lines. What does not end in a newline waits for it.
func (s *Screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.lines) == 0 {
		return s.out.Write(p)
	}
	s.unended = append(s.unended, p...)
	end := bytes.LastIndexByte(s.unended, '\n') + 1
	if end == 0 {
		return len(p), nil
	}
	var b bytes.Buffer
	b.WriteString("\r\x1b[J")
	b.Write(s.unended[:end])
	s.unended = bytes.Clone(s.unended[end:])
	s.draw(&b)
	if _, err := s.out.Write(b.Bytes()); err != nil {
		return 0, err
	}
	return len(p), nil
}
