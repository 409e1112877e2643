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

// stage runs a stage in virtual time and calls check after a while.
func stage(t *testing.T, after time.Duration, check func(*live.Collector)) {
	synctest.Test(t, func(t *testing.T) {
		collector := live.NewCollector("synthetic", true)
		collector.SetPoint(live.Point{Name: "QPS 4.0", Number: 2, Of: 5})
		delta := map[enginemetrics.Metric]float64{enginemetrics.CacheQueries: 1000, enginemetrics.CacheHits: 410, enginemetrics.Preemptions: 1}
		running := collector.Start(live.Stage{Name: "measured", Duration: 200 * time.Second, Offered: 4, After: 630 * time.Second,
			Engine: func() (now, rose map[enginemetrics.Metric]float64) {
				return map[enginemetrics.Metric]float64{enginemetrics.Running: 12, enginemetrics.Waiting: 3, enginemetrics.KVUsage: 0.6180}, delta
			}})
		time.Sleep(100 * time.Millisecond) // between the ticks of the collector
		ticker := time.NewTicker(250 * time.Millisecond)
		defer ticker.Stop()
		for i := range int(after / (250 * time.Millisecond)) {
			<-ticker.C
			running.Sent()
			second := time.Duration(i / 4)
			switch {
			case i%30 == 29:
				running.Done(live.Result{Cause: fmt.Sprintf("status 503: 過負荷 overloaded, try again in %d s", i)})
			case i%45 == 44:
				running.Done(live.Result{Cause: errors.New("nothing received for 300s").Error()})
			case i/4%7 != 6: // one second in seven has no answer
				running.Done(live.Result{TTFT: (100 + 20*(second%5)) * time.Millisecond, E2EL: time.Second, Lag: 50 * time.Microsecond,
					Arrivals: []time.Duration{100e6, 100e6 + 21*time.Millisecond, 100e6 + (42+second)*time.Millisecond}})
			}
		}
		synctest.Wait()
		check(collector)
		running.End()
	})
}

func TestFrames(t *testing.T) {
	var all strings.Builder
	stage(t, 40*time.Second, func(collector *live.Collector) {
		for _, columns := range []int{20, 30, 40, 60, 80, 120, 200} {
			state := collector.State()
			terminal := workloadtest.NewTerminal(columns, 10)
			screen := live.NewScreen(terminal, func() (int, int) { return columns, 10 }, true)
			screen.Show(live.Frame(&state, screen.Columns()))
			fmt.Fprintf(&all, "%d columns\n%s\n", columns, terminal.Screen())
			if faults := terminal.Faults(); faults != nil {
				t.Errorf("%d columns: %s", columns, strings.Join(faults, "\n"))
			}
		}
		state := collector.State()
		fmt.Fprintf(&all, "log line\n%s\n\n", live.LogLine(&state))
	})
	stage(t, 0, func(collector *live.Collector) {
		state := collector.State()
		fmt.Fprintf(&all, "before the first answer\n%s\n\n%s\n\n", strings.Join(live.Frame(&state, 79), "\n"), live.LogLine(&state))
	})
	stage(t, 230*time.Second, func(collector *live.Collector) {
		state := collector.State()
		fmt.Fprintf(&all, "while draining\n%s\n\n", strings.Join(live.Frame(&state, 79), "\n"))
		collector.Start(live.Stage{Name: "cool-down", Duration: 10 * time.Second, Idle: true, After: 620 * time.Second}).End()
		state = collector.State()
		fmt.Fprintf(&all, "pause\n%s\n", strings.Join(live.Frame(&state, 79), "\n"))
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
		{"without status lines, output is written as it is", func() { fmt.Fprint(screen, "one\ntwo") }, "one\ntwo\n"},
		{"and continues on its line", func() { fmt.Fprint(screen, " more\n") }, "one\ntwo more\n"},
		{"status lines come last", func() { screen.Show([]string{"a", "b"}) }, "one\ntwo more\na\nb\n"},
		{"new status lines replace the old ones", func() { screen.Show([]string{"c", "d", "e"}) }, "one\ntwo more\nc\nd\ne\n"},
		{"fewer status lines", func() { screen.Show([]string{"f"}) }, "one\ntwo more\nf\n"},
		{"output goes above the status lines", func() { fmt.Fprint(screen, "three\n") }, "one\ntwo more\nthree\nf\n"},
		{"an incomplete line is held back", func() { fmt.Fprint(screen, "fo") }, "one\ntwo more\nthree\nf\n"},
		{"until its newline", func() { fmt.Fprint(screen, "ur\nfi") }, "one\ntwo more\nthree\nfour\nf\n"},
		{"the screen scrolls", func() { screen.Show([]string{"g", "h", "i"}) }, "three\nfour\ng\nh\ni\n"},
		{"unchanged status lines", func() { screen.Show([]string{"g", "h", "i"}) }, "three\nfour\ng\nh\ni\n"},
		{"long lines are truncated", func() { screen.Show([]string{"過負荷過負荷過負荷過負荷", "12345678901234567890"}) },
			"three\nfour\n過負荷過負荷過負荷…\n123456789012345678…\n"},
		{"status lines removed", func() { screen.Show(nil) }, "three\nfour\nfi\n"},
		{"removed again", func() { screen.Show(nil) }, "three\nfour\nfi\n"},
		{"a terminal with fewer rows than status lines", func() { fmt.Fprintln(screen); rows = 3; screen.Show([]string{"j", "k", "l", "m"}) }, "three\nfour\nfi\nj\nk\n"},
	}
	for _, test := range tests {
		test.do()
		if got := terminal.Screen(); got != test.want {
			t.Errorf("%s: got the screen\n%swant\n%s", test.why, got, test.want)
		}
	}
	if faults := terminal.Faults(); faults != nil {
		t.Error(strings.Join(faults, "\n"))
	}
}
