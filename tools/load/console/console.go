// Package console shows a run to the person who started it: a drawing on a
// terminal, or else log lines, and a live page.
package console

import (
	"fmt"
	"io"
	"net"
	"time"

	"github.com/LMCache/LMBench/tools/results/live"
)

// refresh is how often the drawing on a terminal is renewed.
const refresh = time.Second / 2

// Options say what to show and where.
type Options struct {
	Workload    string
	Stderr      io.Writer
	Terminal    func() (columns, rows int) // size of the terminal that Stderr is; nil: it is not one
	Getenv      func(string) string
	LogInterval time.Duration // between two log lines where nothing is drawn; 0: none
	Quiet       bool          // only notes, failures and results
	Page        bool          // there will be a live page
}

// A Console shows a run.
type Console struct {
	Collector *live.Collector
	Log       io.Writer // for lines; they do not disturb the drawing

	screen   *live.Screen // nil: nothing is drawn
	interval time.Duration
	quiet    bool
	server   *live.Server // nil: no live page
}

// New returns a console. It draws on a terminal that supports it, and logs on other
// files.
func New(o Options) *Console {
	c := &Console{Log: o.Stderr, interval: o.LogInterval, quiet: o.Quiet}
	terminal := o.Getenv("TERM")
	switch {
	case c.quiet:
		c.interval = 0
	case o.Terminal != nil && terminal != "" && terminal != "dumb":
		c.screen = live.NewScreen(o.Stderr, o.Terminal, o.Getenv("NO_COLOR") == "")
		c.Log, c.interval = c.screen, 0
	}
	c.Collector = live.NewCollector(o.Workload, c.screen != nil || o.Page)
	return c
}

// Serve serves the live page on a listener.
func (c *Console) Serve(listener net.Listener) {
	c.server = live.Serve(listener, c.Collector)
	fmt.Fprintf(c.Log, "live page: http://%s/\n", listener.Addr())
}

// Close ends the live page.
func (c *Console) Close() {
	if c.server != nil {
		c.server.End()
	}
}

// Begin shows a stage, until End is called for it.
func (c *Console) Begin(stage live.Stage) *live.Running {
	running := c.Collector.Start(stage)
	switch {
	case c.screen != nil:
		c.draw()
		running.Tick(refresh, c.draw)
	case c.interval > 0 && !stage.Idle:
		running.Tick(c.interval, func() {
			state := c.Collector.State()
			fmt.Fprintln(c.Log, live.LogLine(&state))
		})
	}
	return running
}

// End ends showing a stage.
func (c *Console) End(running *live.Running) {
	running.End()
	if c.screen != nil {
		c.screen.Show(nil)
	}
}

func (c *Console) draw() {
	state := c.Collector.State()
	c.screen.Show(live.Frame(&state, c.screen.Columns()))
}

// Progress logs a line about normal progress.
func (c *Console) Progress(format string, values ...any) {
	if !c.quiet {
		fmt.Fprintf(c.Log, format+"\n", values...)
	}
}

// Note logs a line that the user should read.
func (c *Console) Note(format string, values ...any) {
	fmt.Fprintf(c.Log, "note: "+format+"\n", values...)
}
