package main

import (
	"fmt"
	"time"

	"github.com/LMCache/LMBench/tools/data/sharegpt"
)

// meter shows how far something is: a line that is kept up to date on a
// terminal, elsewhere a new line from time to time.
type meter struct {
	w          *world
	what       string
	done, size int64 // bytes; size 0: not known
	more       string
	shown      time.Time
	lines      int
}

func (m *meter) set(done, size int64) {
	m.done, m.size = done, size
	m.show()
}

func (m *meter) add(n int64) { m.set(m.done+n, m.size) }

func (m *meter) tell(t sharegpt.Tally) {
	m.more = fmt.Sprintf(", %d kept", t.Conversations)
}

func (m *meter) show() {
	every := 5 * time.Second
	if m.w.terminal {
		every = time.Second / 4
	}
	if m.shown.IsZero() {
		m.shown = time.Now() // what is quick needs no words
	}
	if time.Since(m.shown) < every {
		return
	}
	m.shown = time.Now()
	m.lines++
	line := fmt.Sprintf("%s: %d MB", m.what, m.done>>20)
	if m.size > 0 {
		line = fmt.Sprintf("%s: %d of %d MB (%d %%)", m.what, m.done>>20, m.size>>20, 100*m.done/m.size)
	}
	if m.w.terminal {
		fmt.Fprintf(m.w.stderr, "\r\x1b[K%s%s", line, m.more)
	} else {
		fmt.Fprintf(m.w.stderr, "%s%s\n", line, m.more)
	}
}

// end leaves the terminal's line free.
func (m *meter) end() {
	if m.w.terminal && m.lines > 0 {
		fmt.Fprint(m.w.stderr, "\r\x1b[K")
	}
}
