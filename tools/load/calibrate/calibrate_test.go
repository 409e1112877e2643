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

// load returns the load of a point.
func load(streams, chunks int, gap, within time.Duration) Load {
	return Load{Streams: streams, Gap: gap, Chunks: chunks, Within: within, Request: func(maxTokens int) openai.Request {
		return openai.Request{Model: "m", Prompt: chat.Text{strings.Repeat("hi ", 300)}, MaxTokens: maxTokens}
	}}
}

// memory returns a network in memory. The client's connections are wrapped.
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

// measure runs a calibration in virtual time.
func measure(t *testing.T, wrap func(net.Conn) net.Conn, l Load) (result Result) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		var err error
		if result, err = Measure(t.Context(), openai.Config{}, memory(wrap), l); err != nil {
			t.Error(err)
		}
		if took := time.Since(began); took > l.Within || result.Took != took {
			t.Errorf("took %v and reports %v, want the same and at most %v", took, result.Took, l.Within)
		}
		time.Sleep(time.Second) // for reads of closed connections to end
	})
	return result
}

func TestExactClient(t *testing.T) {
	tests := []struct {
		why                   string
		load                  Load
		minAnswers, maxChunks int // answers, chunks per answer
	}{
		{"one stream: short answers, so that there are enough", load(1, 1000, 20*ms1, 2*time.Second), 24, 3},
		{"ten streams", load(10, 1000, 20*ms1, 2*time.Second), 200, 3},
		{"short answers stay short", load(10, 2, 10*ms1, 2*time.Second), 790, 2},
		{"a hundred streams: long answers", load(100, 1000, 20*ms1, 2*time.Second), 200, 32},
		{"little time", load(20, 100, 10*ms1, time.Second/2), 180, 4},
		{"slow streams are sped up", load(4, 100, time.Minute, 2*time.Second), 28, 2},
		{"answers of one chunk", load(4, 1, 0, 2*time.Second), 500, 2},
		{"nothing known about the point", load(0, 0, 0, 2*time.Second), 500, 2},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			got := measure(t, plain, test.load)
			if got.TTFT != (Error{}) || got.ITL != (Error{}) || got.E2EL != (Error{}) {
				t.Errorf("result %+v, want errors of 0", got)
			}
			if got.Answers < test.minAnswers || got.Chunks > got.Answers*test.maxChunks || got.Streams != max(1, test.load.Streams) {
				t.Errorf("%+v, want at least %d answers of at most %d chunks", got, test.minAnswers, test.maxChunks)
			}
		})
	}
}

// A late connection delays its reads: all, or a random share of them.
type late struct {
	net.Conn
	by     time.Duration
	random *share // of the reads; nil for all
}

type share struct {
	mu       sync.Mutex
	random   *rand.Rand
	fraction float64
}

func (s *share) hit() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.random.Float64() < s.fraction
}

func (l late) Read(p []byte) (int, error) {
	n, err := l.Conn.Read(p)
	if err != nil {
		return n, err
	}
	if l.random == nil || l.random.hit() {
		time.Sleep(l.by)
	}
	return n, err
}

func TestConstantDelay(t *testing.T) {
	got := measure(t, func(conn net.Conn) net.Conn { return late{conn, 5 * ms1, nil} }, load(10, 1000, 20*ms1, 2*time.Second))
	// All chunks have the same delay, so the gaps between them are exact.
	if got.TTFT != (Error{5, 5}) || got.ITL != (Error{}) || got.E2EL != (Error{5, 5}) {
		t.Errorf("result %+v, want errors of 5 ms, and 0 for ITL", got)
	}
}

// If a client stalls for 5 ms in one of twenty reads, the measured error is at least as
// large in at least 95 of 100 runs, even in the shortest calibration.
func TestStalls(t *testing.T) {
	covered := 0
	for seed := range uint64(100) {
		random := &share{random: rand.New(rand.NewPCG(seed, 5)), fraction: 0.05}
		got := measure(t, func(conn net.Conn) net.Conn { return late{conn, 5 * ms1, random} }, load(8, 100, 10*ms1, time.Second/2))
		if got.TTFT.P99 >= 5 && got.ITL.P99 >= 5 && got.E2EL.P99 >= 5 && got.TTFT.Bias > 0 && got.E2EL.Bias > 0 {
			covered++
		}
	}
	if t.Logf("covered in %d of 100 runs", covered); covered < 95 {
		t.Errorf("the stall is within the error in %d of 100 runs, want 95", covered)
	}
}

func TestTimeLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hung := func(conn net.Conn) net.Conn { return late{conn, time.Hour, nil} }
		began := time.Now()
		if _, err := Measure(t.Context(), openai.Config{}, memory(hung), load(3, 10, ms1, 2*time.Second)); err == nil {
			t.Error("no error")
		}
		if took := time.Since(began); took > 2*time.Second+200*ms1 && took < time.Hour {
			t.Errorf("took %v, want at most 2.2s", took)
		}
		time.Sleep(2 * time.Hour)
	})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Measure(ctx, openai.Config{}, memory(plain), load(3, 10, ms1, 2*time.Second)); err == nil {
		t.Error("no error although the context was canceled")
	}
}

// On the real loopback interface there is always some error.
func TestLoopback(t *testing.T) {
	got, err := Measure(t.Context(), openai.Config{}, Loopback, load(4, 5, 2*ms1, time.Second/2))
	if err != nil || got.Answers == 0 || got.TTFT.Bias <= 0 || got.E2EL.Bias <= 0 {
		t.Errorf("%+v %v", got, err)
	}
}
