package calibrate

import (
	"context"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/LMCache/LMBench/tools/data/chat"
	"github.com/LMCache/LMBench/tools/engine/openai"
	"github.com/LMCache/LMBench/tools/test/pipe"
)

const ms1 = time.Millisecond

// load is that of a few streams of quick answers.
func load(streams, chunks int, gap, within time.Duration) Load {
	return Load{Streams: streams, Gap: gap, Chunks: chunks, Within: within, Request: func(maxTokens int) openai.Request {
		return openai.Request{Model: "m", Prompt: chat.Text{strings.Repeat("hi ", 300)}, MaxTokens: maxTokens}
	}}
}

// memory is a network in memory whose connections are wrapped by the client.
func memory(wrap func(net.Conn) net.Conn) Network {
	return func() (net.Listener, func(context.Context, string, string) (net.Conn, error), error) {
		listener := pipe.Listen()
		return listener, func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := listener.Dial(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return wrap(conn), nil
		}, nil
	}
}

func plain(conn net.Conn) net.Conn { return conn }

// measure calibrates in virtual time.
func measure(t *testing.T, wrap func(net.Conn) net.Conn, l Load) (result Result) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		var err error
		if result, err = Measure(t.Context(), openai.Config{}, memory(wrap), l); err != nil {
			t.Error(err)
		}
		if took := time.Since(began); took > l.Within || result.Took != took {
			t.Errorf("took %v and says %v, want at most %v", took, result.Took, l.Within)
		}
		time.Sleep(time.Second) // what sleeps in a closed connection ends
	})
	return result
}

func TestAClientWithoutFaultAddsNothing(t *testing.T) {
	tests := []struct {
		why                string
		load               Load
		fewest, mostChunks int // answers, chunks of one
	}{
		{"one stream: short answers, for there to be some", load(1, 1000, 20*ms1, 2*time.Second), 24, 3},
		{"a few", load(10, 1000, 20*ms1, 2*time.Second), 200, 3},
		{"short answers stay short", load(10, 2, 10*ms1, 2*time.Second), 790, 2},
		{"a hundred: long answers", load(100, 1000, 20*ms1, 2*time.Second), 200, 32},
		{"little time", load(20, 100, 10*ms1, time.Second/2), 180, 4},
		{"slow chunks are hurried", load(4, 100, time.Minute, 2*time.Second), 28, 2},
		{"answers in one piece", load(4, 1, 0, 2*time.Second), 500, 2},
		{"nothing known", load(0, 0, 0, 2*time.Second), 500, 2},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			got := measure(t, plain, test.load)
			if got.TTFT != (Error{}) || got.ITL != (Error{}) || got.E2EL != (Error{}) {
				t.Errorf("errors %+v", got)
			}
			if got.Answers < test.fewest || got.Chunks > got.Answers*test.mostChunks || got.Streams != max(1, test.load.Streams) {
				t.Errorf("%+v, want at least %d answers of at most %d chunks", got, test.fewest, test.mostChunks)
			}
		})
	}
}

// late is a connection whose client reads late: each time, or now and then.
type late struct {
	net.Conn
	by     time.Duration
	random *drawn // nil: each time
}

type drawn struct {
	mu    sync.Mutex
	draw  *rand.Rand
	share float64
}

func (d *drawn) now() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.draw.Float64() < d.share
}

func (l late) Read(p []byte) (int, error) {
	n, err := l.Conn.Read(p)
	if err != nil {
		return n, err
	}
	if l.random == nil || l.random.now() {
		time.Sleep(l.by)
	}
	return n, err
}

func TestWhatComesAlwaysLate(t *testing.T) {
	got := measure(t, func(conn net.Conn) net.Conn { return late{conn, 5 * ms1, nil} }, load(10, 1000, 20*ms1, 2*time.Second))
	// Each chunk is as late as the one before: the gaps are right.
	if got.TTFT != (Error{5, 5}) || got.ITL != (Error{}) || got.E2EL != (Error{5, 5}) {
		t.Errorf("%+v", got)
	}
}

// A client that stalls for 5 ms in one of twenty reads states an error of as
// much, in at least 95 of 100 runs, even in the shortest time.
func TestAStallIsInsideTheStatedError(t *testing.T) {
	inside := 0
	for seed := range uint64(100) {
		random := &drawn{draw: rand.New(rand.NewPCG(seed, 5)), share: 0.05}
		got := measure(t, func(conn net.Conn) net.Conn { return late{conn, 5 * ms1, random} }, load(8, 100, 10*ms1, time.Second/2))
		if got.TTFT.P99 >= 5 && got.ITL.P99 >= 5 && got.E2EL.P99 >= 5 && got.TTFT.Bias > 0 && got.E2EL.Bias > 0 {
			inside++
		}
	}
	if t.Logf("in %d of 100 runs", inside); inside < 95 {
		t.Errorf("the stall is inside the error in %d of 100 runs, want 95", inside)
	}
}

func TestGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hung := func(conn net.Conn) net.Conn { return late{conn, time.Hour, nil} }
		began := time.Now()
		if _, err := Measure(t.Context(), openai.Config{}, memory(hung), load(3, 10, ms1, 2*time.Second)); err == nil {
			t.Error("no error")
		}
		if took := time.Since(began); took > 2*time.Second+200*ms1 && took < time.Hour {
			t.Errorf("took %v", took)
		}
		time.Sleep(2 * time.Hour)
	})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Measure(ctx, openai.Config{}, memory(plain), load(3, 10, ms1, 2*time.Second)); err == nil {
		t.Error("no error although it was cancelled")
	}
}

// On a real loopback listener there is some error, and not much.
func TestLoopback(t *testing.T) {
	got, err := Measure(t.Context(), openai.Config{}, Loopback, load(4, 5, 2*ms1, time.Second/2))
	if err != nil || got.Answers == 0 || got.TTFT.Bias <= 0 || got.E2EL.Bias <= 0 {
		t.Errorf("%+v %v", got, err)
	}
}
