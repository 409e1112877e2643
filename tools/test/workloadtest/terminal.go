package workloadtest

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"
)

// A Terminal emulates a terminal in memory. It wraps long lines, supports the few
// escape sequences that commands use, and records others as faults.
type Terminal struct {
	columns, rows int

	mu       sync.Mutex // guards all below
	cells    [][]rune   // by row; 0 marks the second half of a wide character
	row, col int
	scrolled []string // lines that left the screen at the top
	faults   []string
}

// NewTerminal returns an empty terminal.
func NewTerminal(columns, rows int) *Terminal {
	t := &Terminal{columns: columns, rows: rows}
	for range rows {
		t.cells = append(t.cells, t.blank())
	}
	return t
}

func (t *Terminal) blank() []rune { return []rune(strings.Repeat(" ", t.columns)) }

var escape = regexp.MustCompile(`^\x1b\[([0-9;?]*)([A-Za-z])`)

// Write implements io.Writer.
func (t *Terminal) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for rest := p; len(rest) > 0; {
		if found := escape.FindSubmatch(rest); found != nil {
			t.execute(string(found[1]), found[2][0])
			rest = rest[len(found[0]):]
			continue
		}
		r, size := utf8.DecodeRune(rest)
		rest = rest[size:]
		switch {
		case r == '\r':
			t.col = 0
		case r == '\n':
			t.col = 0 // the line discipline adds the return
			t.newline()
		case r < ' ':
			t.faults = append(t.faults, fmt.Sprintf("control character %q", r))
		default:
			t.print(r)
		}
	}
	return len(p), nil
}

func (t *Terminal) newline() {
	if t.row++; t.row == t.rows {
		t.row--
		t.scrolled = append(t.scrolled, strings.TrimRight(text(t.cells[0]), " "))
		t.cells = append(t.cells[1:], t.blank())
	}
}

func (t *Terminal) print(r rune) {
	columns := 1
	if r >= 0x2e80 && r < 0xe000 || r >= 0x1f300 { // enough for the texts in tests
		columns = 2
	}
	if t.col+columns > t.columns {
		t.col = 0
		t.newline()
	}
	t.cells[t.row][t.col] = r
	if columns == 2 {
		t.cells[t.row][t.col+1] = 0
	}
	t.col += columns
}

func (t *Terminal) execute(parameters string, command byte) {
	switch {
	case command == 'K' && parameters == "":
		for i := t.col; i < t.columns; i++ {
			t.cells[t.row][i] = ' '
		}
	case command == 'J' && parameters == "":
		t.execute("", 'K')
		for i := t.row + 1; i < t.rows; i++ {
			t.cells[i] = t.blank()
		}
	case command == 'A' && parameters == "":
		t.row = max(0, t.row-1)
	case command == 'm':
	default:
		t.faults = append(t.faults, "escape "+parameters+string(command))
	}
}

func text(cells []rune) string {
	return strings.ReplaceAll(string(cells), "\x00", "")
}

// Screen returns the visible lines.
func (t *Terminal) Screen() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var lines []string
	for _, row := range t.cells {
		lines = append(lines, strings.TrimRight(text(row), " "))
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n") + "\n"
}

// All returns everything written so far, lines that scrolled away included.
func (t *Terminal) All() string {
	screen := t.Screen()
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.Join(append(t.scrolled, screen), "\n")
}

// Faults returns the control characters and escapes that are not supported.
func (t *Terminal) Faults() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.faults
}
