package live

import (
	"bytes"
	"io"
	"strings"
	"sync"
)

// Screen keeps a few status lines below everything else that is written to a terminal.
// The cursor stays at the start of the first status line, so that the screen keeps its
// place when the terminal is resized.
type Screen struct {
	size func() (columns, rows int)
	bold bool

	mu      sync.Mutex // guards the fields below
	out     io.Writer
	lines   []string
	partial []byte // written so far of a line without its newline
}

// NewScreen returns a Screen on a terminal. It calls size before each update. With bold
// the first status line is bold.
func NewScreen(terminal io.Writer, size func() (columns, rows int), bold bool) *Screen {
	return &Screen{out: terminal, size: size, bold: bold}
}

// Columns returns the number of columns that a status line may have.
func (s *Screen) Columns() int {
	columns, _ := s.size()
	return max(columns-1, 1) // a line of full width would wrap
}

// Show replaces the status lines. Without lines it removes them.
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
		b.Write(s.partial)
		s.partial = nil
	} else {
		s.draw(&b)
	}
	s.out.Write(b.Bytes())
}

// draw overwrites line by line, which does not flicker, and clears what follows.
func (s *Screen) draw(b *bytes.Buffer) {
	_, rows := s.size()
	columns := s.Columns()
	lines := s.lines[:min(len(s.lines), max(rows-1, 1))]
	b.WriteByte('\r')
	for i, text := range lines {
		if i > 0 {
			b.WriteString("\r\n")
		}
		text = truncate(text, columns)
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

// Write writes above the status lines. While they are shown, it holds back an incomplete
// line until its newline.
func (s *Screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.lines) == 0 {
		return s.out.Write(p)
	}
	s.partial = append(s.partial, p...)
	end := bytes.LastIndexByte(s.partial, '\n') + 1
	if end == 0 {
		return len(p), nil
	}
	var b bytes.Buffer
	b.WriteString("\r\x1b[J")
	b.Write(s.partial[:end])
	s.partial = bytes.Clone(s.partial[end:])
	s.draw(&b)
	if _, err := s.out.Write(b.Bytes()); err != nil {
		return 0, err
	}
	return len(p), nil
}
