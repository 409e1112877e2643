package workload

import (
	"context"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/LMCache/LMBench/tools/session"
)

// progress counts a stage's requests for the person who waits.
type progress struct {
	sent, done, failed atomic.Int64
	ttft               atomic.Int64 // ns, summed over successes
}

// count takes in a turn that is final.
func (p *progress) count(turn *session.Turn) {
	p.done.Add(1)
	if turn.Err != nil {
		p.failed.Add(1)
		return
	}
	p.ttft.Add(int64(turn.Reply.FirstToken))
}

// line is where the stage stands.
func (p *progress) line(stage Stage, elapsed time.Duration) string {
	sent, done, failed := p.sent.Load(), p.done.Load(), p.failed.Load()
	of := ""
	if stage.For > 0 {
		of = fmt.Sprintf("/%.0f", stage.For.Seconds())
	}
	ttft := "-"
	if ok := done - failed; ok > 0 {
		ttft = fmt.Sprintf("%.1f ms", float64(p.ttft.Load())/float64(ok)/1e6)
	}
	return fmt.Sprintf("%s %.0f%s s: sent %d (%.2f/s), in flight %d, done %d, failed %d, mean TTFT %s",
		stage.Name, elapsed.Seconds(), of, sent, float64(sent)/max(elapsed.Seconds(), 1e-9), sent-done, done-failed, failed, ttft)
}

// shown is a running display of progress; its maker ends it.
type shown struct {
	stop    context.CancelFunc
	running sync.WaitGroup
}

func (s *shown) end() {
	s.stop()
	s.running.Wait()
}

// show keeps one line up to date on a terminal, and elsewhere logs a line from
// time to time. An interval of 0 logs nothing.
func (p *progress) show(world World, stage Stage, every time.Duration) *shown {
	ctx, stop := context.WithCancel(context.Background())
	s := &shown{stop: stop}
	print := func(line string) { fmt.Fprintln(world.Stderr, line) }
	if world.Width > 0 {
		every = time.Second / 2
		print = func(line string) { redraw(world.Stderr, line, world.Width) }
	}
	if every == 0 {
		return s
	}
	start := time.Now()
	s.running.Go(func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				print(p.line(stage, time.Since(start)))
			case <-ctx.Done():
				if world.Width > 0 {
					redraw(world.Stderr, "", world.Width)
				}
				return
			}
		}
	})
	return s
}

// redraw replaces a terminal's line; the cursor stays at its start.
func redraw(w io.Writer, line string, width int) {
	if len(line) >= width {
		line = line[:width-1]
	}
	fmt.Fprintf(w, "\r\x1b[K%s\r", line)
}
