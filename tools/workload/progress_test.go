package workload

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/LMCache/LMBench/tools/openai"
	"github.com/LMCache/LMBench/tools/session"
)

func counted() *progress {
	p := &progress{}
	p.sent.Store(5)
	p.count(&session.Turn{Reply: openai.Reply{FirstToken: 100 * time.Millisecond}})
	p.count(&session.Turn{Reply: openai.Reply{FirstToken: 300 * time.Millisecond}})
	p.count(&session.Turn{Err: errors.New("lost")})
	return p
}

func TestLine(t *testing.T) {
	const want = "measured 4/200 s: sent 5 (1.25/s), in flight 2, done 2, failed 1, mean TTFT 200.0 ms"
	if got := counted().line(Stage{Name: "measured", For: 200 * time.Second}, 4*time.Second); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	const none = "measured 0 s: sent 0 (0.00/s), in flight 0, done 0, failed 0, mean TTFT -"
	if got := new(progress).line(Stage{Name: "measured"}, 0); got != none {
		t.Errorf("got  %s\nwant %s", got, none)
	}
}

// screen is what is seen after so many seconds of a stage.
func screen(t *testing.T, width int, every, after time.Duration) string {
	var seen strings.Builder
	synctest.Test(t, func(*testing.T) {
		shown := counted().show(World{Stderr: &seen, Width: width}, Stage{Name: "measured"}, every)
		time.Sleep(after)
		synctest.Wait()
		shown.end()
	})
	return seen.String()
}

func TestShow(t *testing.T) {
	if got := screen(t, 0, 30*time.Second, 100*time.Second); strings.Count(got, "\n") != 3 || strings.Contains(got, "\r") {
		t.Errorf("without a terminal, three plain lines in 100 s; got %q", got)
	}
	if got := screen(t, 0, 0, 100*time.Second); got != "" {
		t.Errorf("an interval of 0 says nothing; got %q", got)
	}
	got := screen(t, 40, 30*time.Second, 3*time.Second)
	if strings.Contains(got, "\n") || strings.Count(got, "sent") != 6 {
		t.Errorf("on a terminal one line, twice a second; got %q", got)
	}
	for line := range strings.SplitSeq(got, "\r") {
		if text := strings.TrimPrefix(line, "\x1b[K"); len(text) > 39 {
			t.Errorf("%q is wider than the terminal", text)
		}
	}
	if !strings.HasSuffix(got, "\r\x1b[K\r") {
		t.Errorf("the line is left on the screen: %q", got)
	}
}
