package main

import (
	"fmt"
	"time"

	"github.com/LMCache/LMBench/tools/data/sharegpt"
)

// progressLine shows the progress of an activity: a line that is updated on a
// terminal, elsewhere a new line now and then.
type progressLine struct {
	env        *env
	activity   string
	done, size int64 // bytes; size is 0 if unknown
	suffix     string
	shown      time.Time
	lines      int
}

func (p *progressLine) set(done, size int64) {
	p.done, p.size = done, size
	p.show()
}

func (p *progressLine) add(n int64) { p.set(p.done+n, p.size) }

// setStats is called for each conversation kept.
func (p *progressLine) setStats(s sharegpt.Stats) {
	p.suffix = fmt.Sprintf(", %d kept", s.Conversations)
}

// show prints the line unless one was printed a moment ago. The first appears
// after one interval, so that a quick activity prints nothing.
func (p *progressLine) show() {
	interval := 5 * time.Second
	if p.env.terminal {
		interval = time.Second / 4
	}
	if p.shown.IsZero() {
		p.shown = time.Now()
	}
	if time.Since(p.shown) < interval {
		return
	}
	p.shown = time.Now()
	p.lines++
	line := fmt.Sprintf("%s: %d MiB", p.activity, p.done>>20)
	if p.size > 0 {
		line = fmt.Sprintf("%s: %d of %d MiB (%d %%)", p.activity, p.done>>20, p.size>>20, 100*p.done/p.size)
	}
	if p.env.terminal {
		fmt.Fprintf(p.env.stderr, "\r\x1b[K%s%s", line, p.suffix)
	} else {
		fmt.Fprintf(p.env.stderr, "%s%s\n", line, p.suffix)
	}
}

// end clears the terminal's line.
func (p *progressLine) end() {
	if p.env.terminal && p.lines > 0 {
		fmt.Fprint(p.env.stderr, "\r\x1b[K")
	}
}
