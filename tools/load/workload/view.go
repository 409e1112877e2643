package workload

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"github.com/LMCache/LMBench/tools/load/schedule"
	"github.com/LMCache/LMBench/tools/results/live"
)

// refresh is how often what a terminal shows is made anew.
const refresh = time.Second / 2

// view is how a run can be watched while it is under way.
type view struct {
	collector *live.Collector
	screen    *live.Screen // nil: nothing is drawn
	log       io.Writer
	every     time.Duration // between two lines of the log; 0: there are none
	quiet     bool          // of what goes well nothing is said but results
	server    *live.Server  // nil: there is none

	// ahead is how long the points after this one take, later that and what is
	// left of this one when its stages have ended. Below 0: not known.
	ahead, later time.Duration
}

// newView draws on a terminal that can be drawn on, and else logs.
func newView(w *Workload, world World) *view {
	v := &view{log: world.Stderr, every: w.Common.LogInterval, quiet: w.Common.Quiet}
	terminal := world.Getenv("TERM")
	switch {
	case v.quiet:
		v.every = 0
	case world.Terminal != nil && terminal != "" && terminal != "dumb":
		v.screen = live.NewScreen(world.Stderr, world.Terminal, world.Getenv("NO_COLOR") == "")
		v.log, v.every = v.screen, 0
	}
	v.collector = live.NewCollector(w.Name, v.screen != nil || w.Common.Listen != "")
	return v
}

// serve serves the live page, if there is an address for it.
func (v *view) serve(world World, address string) error {
	if address == "" {
		return nil
	}
	listen := world.Listen
	if listen == nil {
		listen = net.Listen
	}
	listener, err := listen("tcp", address)
	if err != nil {
		return fmt.Errorf("--listen: %w", err)
	}
	v.server = live.Serve(listener, v.collector)
	fmt.Fprintf(v.log, "live page: http://%s/\n", listener.Addr())
	return nil
}

func (v *view) close() {
	if v.server != nil {
		v.server.End()
	}
}

// begin shows a stage until end is called for it.
func (v *view) begin(stage live.Stage) *live.Running {
	running := v.collector.Start(stage)
	switch {
	case v.screen != nil:
		v.draw()
		running.Every(refresh, v.draw)
	case v.every > 0 && !stage.Idle:
		running.Every(v.every, func() {
			state := v.collector.State()
			fmt.Fprintln(v.log, live.LogLine(&state))
		})
	}
	return running
}

func (v *view) draw() {
	state := v.collector.State()
	v.screen.Show(live.Frame(&state, v.screen.Columns()))
}

func (v *view) end(running *live.Running) {
	running.End()
	if v.screen != nil {
		v.screen.Show(nil)
	}
}

// say tells what goes well.
func (v *view) say(format string, values ...any) {
	if !v.quiet {
		fmt.Fprintf(v.log, format+"\n", values...)
	}
}

// rest pauses, for a reason that is shown, unless a signal comes.
func (v *view) rest(until *interrupt, why string, d, after time.Duration) {
	if d <= 0 || until.interrupted() {
		return
	}
	running := v.begin(live.Stage{Name: why, Duration: d, Idle: true, After: after})
	until.pause(d)
	v.end(running)
}

// show begins to show the stage of a run.
func (r *run) show() {
	shown := live.Stage{Name: r.stage.Name, Duration: r.stage.For, Planned: r.stage.Planned, Offered: r.stage.Offered, After: together(r.stage.Rest, r.after)}
	if r.engine != nil {
		shown.Engine = r.engine.Now
	}
	r.running = r.view.begin(shown)
}

// done shows what became of a turn that was due so long after the start.
func (r *run) done(turn *Request) {
	reply := &turn.Reply
	result := live.Result{Lag: reply.Launch.Sub(r.start) - turn.Due, TTFT: reply.FirstToken, E2EL: reply.Finish, Arrivals: reply.Chunks,
		PromptTokens: reply.Usage.Prompt, GenerationTokens: cmp.Or(reply.Usage.Completion, len(reply.Chunks))}
	if turn.Err != nil {
		result.Cause = cause(turn.Err)
	}
	r.running.Done(result)
}

// cause is an error without what all errors of a run have in common.
func cause(err error) string {
	if errors.Is(err, context.Canceled) {
		return "cancelled"
	}
	text := failure(err)
	if strings.HasPrefix(text, "POST ") {
		_, text, _ = strings.Cut(text, ": ")
	}
	return text
}

// takes is how long stages and the rests between them are expected to take;
// below 0: not known.
func takes(stages []Stage) (all time.Duration) {
	for i, s := range stages {
		last := i == len(stages)-1
		switch {
		case s.For > 0:
			all += s.For
		case s.Planned > 0 && s.Offered > 0:
			all += schedule.Seconds(float64(s.Planned) / s.Offered)
		case last:
			return -1
		}
		if !last {
			all += s.Rest
		}
	}
	return all
}

// expect tells how long a point's stages and its rest take, and how many points
// like it are ahead.
func (v *view) expect(stages []Stage, rest time.Duration, points int) {
	v.ahead = -1
	if one := together(takes(stages), rest); one >= 0 || points == 0 {
		v.ahead = time.Duration(points) * one
	}
	v.later = together(rest, v.ahead)
}

// together is a sum of times, not known if one is not.
func together(times ...time.Duration) (sum time.Duration) {
	for _, t := range times {
		if t < 0 {
			return -1
		}
		sum += t
	}
	return sum
}
