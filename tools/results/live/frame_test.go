package live_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/LMCache/LMBench/tools/engine/enginemetrics"
	"github.com/LMCache/LMBench/tools/results/live"
	"github.com/LMCache/LMBench/tools/test/workloadtest"
)

// stage is a stage as it stands after some seconds.
func stage(t *testing.T, at time.Duration, look func(*live.Board)) {
	synctest.Test(t, func(t *testing.T) {
		board := live.NewBoard("synthetic", true)
		board.Next(live.Point{Name: "QPS 4.0", Number: 2, Of: 5})
		risen := map[enginemetrics.Quantity]float64{enginemetrics.CacheQueries: 1000, enginemetrics.CacheHits: 410, enginemetrics.Preemptions: 1}
		running := board.Begin(live.Stage{Name: "measured", For: 200 * time.Second, Offered: 4, After: 630 * time.Second,
			Engine: func() (now, rose map[enginemetrics.Quantity]float64) {
				return map[enginemetrics.Quantity]float64{enginemetrics.Running: 12, enginemetrics.Waiting: 3, enginemetrics.KVUsage: 0.6180}, risen
			}})
		time.Sleep(100 * time.Millisecond) // not in step with the board
		ticker := time.NewTicker(250 * time.Millisecond)
		defer ticker.Stop()
		for i := range int(at / (250 * time.Millisecond)) {
			<-ticker.C
			running.Sent()
			second := time.Duration(i / 4)
			switch {
			case i%30 == 29:
				running.Done(live.Outcome{Cause: fmt.Sprintf("status 503: 過負荷 overloaded, try again in %d s", i)})
			case i%45 == 44:
				running.Done(live.Outcome{Cause: errors.New("nothing received for 300s").Error()})
			case i/4%7 != 6: // one second in seven has no answer
				running.Done(live.Outcome{TTFT: (100 + 20*(second%5)) * time.Millisecond, E2EL: time.Second, Lag: 50 * time.Microsecond,
					Arrivals: []time.Duration{100e6, 100e6 + 21*time.Millisecond, 100e6 + (42+second)*time.Millisecond}})
			}
		}
		synctest.Wait()
		look(board)
		running.End()
	})
}

func TestFrames(t *testing.T) {
	var all strings.Builder
	stage(t, 40*time.Second, func(board *live.Board) {
		for _, columns := range []int{20, 30, 40, 60, 80, 120, 200} {
			state := board.State()
			terminal := workloadtest.NewTerminal(columns, 10)
			screen := live.NewScreen(terminal, func() (int, int) { return columns, 10 }, true)
			screen.Show(live.Lines(&state, screen.Columns()))
			fmt.Fprintf(&all, "%d columns\n%s\n", columns, terminal.Screen())
			if faults := terminal.Faults(); faults != nil {
				t.Errorf("%d columns: %s", columns, strings.Join(faults, "\n"))
			}
		}
		state := board.State()
		fmt.Fprintf(&all, "a log\n%s\n\n", live.Plain(&state))
	})
	stage(t, 0, func(board *live.Board) {
		state := board.State()
		fmt.Fprintf(&all, "before the first answer\n%s\n\n%s\n\n", strings.Join(live.Lines(&state, 79), "\n"), live.Plain(&state))
	})
	stage(t, 230*time.Second, func(board *live.Board) {
		state := board.State()
		fmt.Fprintf(&all, "when nothing more is sent\n%s\n\n", strings.Join(live.Lines(&state, 79), "\n"))
		board.Begin(live.Stage{Name: "cool-down", For: 10 * time.Second, Idle: true, After: 620 * time.Second}).End()
		state = board.State()
		fmt.Fprintf(&all, "at rest\n%s\n", strings.Join(live.Lines(&state, 79), "\n"))
	})
	workloadtest.Golden(t, "frames.txt", all.String())
}

func TestScreen(t *testing.T) {
	terminal := workloadtest.NewTerminal(20, 5)
	rows := 5
	screen := live.NewScreen(terminal, func() (int, int) { return 20, rows }, false)
	tests := []struct {
		why  string
		do   func()
		want string
	}{
		{"nothing is shown: what is written stands there", func() { fmt.Fprint(screen, "one\ntwo") }, "one\ntwo\n"},
		{"", func() { fmt.Fprint(screen, " more\n") }, "one\ntwo more\n"},
		{"lines at the end", func() { screen.Show([]string{"a", "b"}) }, "one\ntwo more\na\nb\n"},
		{"others in their place", func() { screen.Show([]string{"c", "d", "e"}) }, "one\ntwo more\nc\nd\ne\n"},
		{"fewer", func() { screen.Show([]string{"f"}) }, "one\ntwo more\nf\n"},
		{"what is written stands above", func() { fmt.Fprint(screen, "three\n") }, "one\ntwo more\nthree\nf\n"},
		{"half a line waits", func() { fmt.Fprint(screen, "fo") }, "one\ntwo more\nthree\nf\n"},
		{"for its end", func() { fmt.Fprint(screen, "ur\nfi") }, "one\ntwo more\nthree\nfour\nf\n"},
		{"the screen scrolls", func() { screen.Show([]string{"g", "h", "i"}) }, "three\nfour\ng\nh\ni\n"},
		{"the same again", func() { screen.Show([]string{"g", "h", "i"}) }, "three\nfour\ng\nh\ni\n"},
		{"a wide line is cut", func() { screen.Show([]string{"過負荷過負荷過負荷過負荷", "12345678901234567890"}) },
			"three\nfour\n過負荷過負荷過負荷…\n123456789012345678…\n"},
		{"gone", func() { screen.Show(nil) }, "three\nfour\nfi\n"},
		{"and gone", func() { screen.Show(nil) }, "three\nfour\nfi\n"},
		{"a terminal that is lower than the lines", func() { fmt.Fprintln(screen); rows = 3; screen.Show([]string{"j", "k", "l", "m"}) }, "three\nfour\nfi\nj\nk\n"},
	}
	for _, test := range tests {
		test.do()
		if got := terminal.Screen(); got != test.want {
			t.Errorf("%s: the screen is\n%swant\n%s", test.why, got, test.want)
		}
	}
	if faults := terminal.Faults(); faults != nil {
		t.Error(strings.Join(faults, "\n"))
	}
}
