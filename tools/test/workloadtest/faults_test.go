package workloadtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/LMCache/LMBench/tools/data/chat"
	"github.com/LMCache/LMBench/tools/data/prompt"
	"github.com/LMCache/LMBench/tools/engine/simengine"
	"github.com/LMCache/LMBench/tools/load/params"
	"github.com/LMCache/LMBench/tools/load/schedule"
	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/results/record"
)

type plan = workload.Plan

// steady is a workload for tests: 40 requests per second for 10 s at random instants,
// each with a prompt of its own.
type steady struct {
	common workload.Common
	qps    float64
	seed   uint64
	faulty func(plan) plan // wraps the plan to simulate a fault of the client; nil: no fault
	again  int             // every n-th prompt is the same in all points; 0: all differ
	last   time.Duration   // length of the plan; 0: that of the stage
}

const answerLen = 10

func (s *steady) workload() workload.Workload {
	return workload.Workload{
		Name: "steady", Script: "run.sh",
		Positional: []string{"MODEL", "BASE_URL", "KEY", "NAME", "SERVING_INDEX", "SPEC_FILE_PATH", "LMBENCH_SESSION_ID"},
		Point:      params.Param{Name: "QPS", Flag: "qps", Value: params.Positive(&s.qps)},
		Time:       "10", Cooldown: "0", NoPodLogs: true, ResultKeys: []string{"QPS"},
		Common: &s.common, Layout: record.Conversation(), Stages: s.stages,
	}
}

func (s *steady) stages(bool) []workload.Stage {
	random := rand.New(rand.NewPCG(s.seed, 0))
	last := s.last
	if last == 0 {
		last = s.common.Time
	}
	var due []time.Duration
	for at := 0.0; at < last.Seconds(); at += random.ExpFloat64() / s.qps {
		due = append(due, schedule.Seconds(at))
	}
	point := random.Uint64()
	s.seed += 1 << 32 // the next point gets other prompts
	return []workload.Stage{{Name: "measured", For: s.common.Time, Planned: len(due), Plan: func(control workload.Control) plan {
		open := plan(&workload.OpenLoop{Final: control.Final,
			Arrivals: schedule.Times(due),
			Item: func(i int, due time.Duration) *workload.Request {
				seed := point
				if s.again > 0 && i%s.again == 0 {
					seed = 0
				}
				words := rand.New(rand.NewPCG(seed, uint64(i)))
				text := chat.Text{prompt.Words(words, 100+words.IntN(200))}
				request := s.common.Request([]chat.Message{{Role: chat.User, Content: text}}, strconv.Itoa(i), answerLen)
				return &workload.Request{User: i, Question: 1, Answer: 1, Due: due, UncachedShare: 1, Payload: request}
			}})
		if s.faulty != nil {
			open = s.faulty(open)
		}
		return open
	}}}
}

// steadyHarness runs a steady workload, by default one point against a healthy engine.
func steadyHarness(s *steady, points ...string) Harness {
	if points == nil {
		points = []string{"40"}
	}
	return Harness{
		Workload: s.workload(),
		Args:     append(strings.Fields("sim http://engine:30080 key suite 0 spec.yaml session"), points...),
		Engine: simengine.Config{BaseTTFT: 20 * time.Millisecond, PrefillPer1k: 60 * time.Millisecond, ITL: 10 * time.Millisecond,
			Jitter: 0.3, Seed: s.seed, CacheBlocks: 1 << 17},
	}
}

// verdictOf returns the verdict of a result and the codes of its reasons.
func verdictOf(t *testing.T, file string) (word string, codes []string) {
	t.Helper()
	var result struct {
		Results struct {
			Verdict struct {
				Word    string
				Reasons []struct{ Code, Text string }
			}
		}
	}
	if err := json.Unmarshal([]byte(file), &result); err != nil {
		t.Fatal(err)
	}
	for _, reason := range result.Results.Verdict.Reasons {
		codes = append(codes, reason.Code)
		t.Logf("%s: %s", reason.Code, reason.Text)
	}
	return result.Results.Verdict.Word, codes
}

// last returns the result of the last point.
func last(t *testing.T, out *Outcome) string {
	t.Helper()
	results := out.Files(t, "4-latest-results/suite/*.json")
	if out.Err != nil || len(results) == 0 {
		t.Fatalf("results %v: %v\n%s", results, out.Err, out.Stderr)
	}
	return out.Read(t, slices.MaxFunc(results, func(a, b string) int { return cmpTimes(t, out, a, b) }))
}

func cmpTimes(t *testing.T, out *Outcome, a, b string) int {
	t.Helper()
	return strings.Compare(out.Read(t, a)[strings.Index(out.Read(t, a), `"timestamp_utc"`):], out.Read(t, b)[strings.Index(out.Read(t, b), `"timestamp_utc"`):])
}

func TestHealthyRunsAreValid(t *testing.T) {
	for seed := range uint64(10) {
		out := steadyHarness(&steady{seed: seed}).Run(t)
		if word, codes := verdictOf(t, last(t, &out)); word != "VALID" || codes != nil {
			t.Errorf("seed %d: %s %v", seed, word, codes)
		}
		if !strings.HasSuffix(out.Stdout, "verdict: VALID\n") {
			t.Errorf("seed %d: the verdict is not the last line:\n%s", seed, out.Stdout)
		}
	}
}

func TestEachFaultHasItsOwnReason(t *testing.T) {
	if testing.Short() {
		t.Skip("runs a load for every fault")
	}
	tests := []struct {
		code    string
		word    string
		why     string
		harness func(*steady) Harness
	}{
		{"client_starved", "SUSPECT", "the sending goroutine is delayed by 60 ms at every 20th request, as by a CPU hog",
			func(s *steady) Harness {
				s.faulty = func(p plan) plan { return &hogged{plan: p} }
				return steadyHarness(s)
			}},
		{"engine_pause", "SUSPECT", "the engine stalls for 2 s",
			func(s *steady) Harness {
				b := steadyHarness(s)
				b.Handler = stalling(healthy(b.Engine), 5*time.Second, 2*time.Second)
				return b
			}},
		{"engine_pause", "SUSPECT", "the engine stalls for 2 s while rarely more than one request is in flight",
			func(s *steady) Harness {
				b := steadyHarness(s, "10")
				b.Handler = stalling(healthy(b.Engine), 5*time.Second, 2*time.Second)
				return b
			}},
		{"writer_stalled", "SUSPECT", "writing one row takes 3 s",
			func(s *steady) Harness {
				b := steadyHarness(s)
				b.Create = create(func(file io.Writer, line []byte, n int) {
					if n == 200 {
						time.Sleep(3 * time.Second)
					}
					file.Write(line)
				})
				return b
			}},
		{"requests_failed", "SUSPECT", "1 % of the responses are cut",
			func(s *steady) Harness {
				b := steadyHarness(s)
				b.Engine.CutEvery = 100
				return b
			}},
		{"cache_warm", "SUSPECT", "an earlier run had the same prompts, and the engine reports cached tokens",
			func(s *steady) Harness {
				s.again = 1
				return steadyHarness(s, "40", "40")
			}},
		{"cache_warm", "SUSPECT", "an earlier run had every third prompt, and the engine reports no cached tokens",
			func(s *steady) Harness {
				s.again = 3
				b := steadyHarness(s, "40", "40")
				b.Engine.PrefillPer1k = 400 * time.Millisecond
				b.Handler = rewriting(healthy(b.Engine), `"cached_tokens"`, `"cached_to***"`)
				return b
			}},
		{"usage_wrong", "SUSPECT", "usage reports twice the tokens",
			func(s *steady) Harness {
				b := steadyHarness(s)
				b.Handler = rewriting(healthy(b.Engine), `"completion_tokens":10`, `"completion_tokens":20`)
				return b
			}},
		{"usage_wrong", "SUSPECT", "usage reports half of the tokens",
			func(s *steady) Harness {
				b := steadyHarness(s)
				b.Handler = rewriting(healthy(b.Engine), `"completion_tokens":10`, `"completion_tokens":5`)
				return b
			}},
		{"too_few_samples", "SUSPECT", "only 40 requests",
			func(s *steady) Harness {
				b := steadyHarness(s)
				b.Args = append([]string{"--time", "1"}, b.Args...)
				return b
			}},
		{"arrivals_clumped", "SUSPECT", "a coarse timer sends only every 80 ms",
			func(s *steady) Harness {
				s.faulty = func(p plan) plan { return coarse{p} }
				return steadyHarness(s)
			}},
		{"answers_short", "SUSPECT", "responses end after half of the requested tokens",
			func(s *steady) Harness {
				b := steadyHarness(s)
				b.Engine.StopAfter = answerLen / 2
				return b
			}},
		{"clock_step", "SUSPECT", "the wall clock is set forward by half a minute",
			func(s *steady) Harness {
				b := steadyHarness(s)
				reads := 0
				b.Wall = func() time.Time {
					reads++
					return time.Now().Add(time.Duration(reads-1) * 30 * time.Second)
				}
				return b
			}},
		{"ledger_mismatch", "INVALID", "a row is lost before it reaches the disk",
			func(s *steady) Harness {
				b := steadyHarness(s)
				b.Create = create(func(file io.Writer, line []byte, n int) {
					if n != 200 {
						file.Write(line)
					}
				})
				return b
			}},
		{"foreign_traffic", "SUSPECT", "another client sends a tenth of the requests",
			func(s *steady) Harness {
				b := steadyHarness(s)
				b.Handler = withForeignTraffic(healthy(b.Engine))
				return b
			}},
		{"usage_missing", "SUSPECT", "responses have no usage",
			func(s *steady) Harness {
				b := steadyHarness(s)
				b.Engine.NoUsageEvery = 1
				return b
			}},
		{"usage_wrong", "SUSPECT", "usage reports more cached tokens than the prompt has",
			func(s *steady) Harness {
				b := steadyHarness(s)
				b.Handler = rewriting(healthy(b.Engine), `"cached_tokens":0`, `"cached_tokens":9999`)
				return b
			}},
		{"engine_restarted", "SUSPECT", "the engine restarts in mid-run and its counters begin at 0",
			func(s *steady) Harness {
				b := steadyHarness(s)
				b.Handler = restarted(b.Engine, 5*time.Second)
				return b
			}},
		{"counters_partial", "SUSPECT", "the metrics page covers one engine of two",
			func(s *steady) Harness {
				b := steadyHarness(s)
				other, one := healthy(b.Engine), healthy(b.Engine)
				var requests atomic.Int64
				b.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if r.Method == http.MethodPost {
						if requests.Add(1)%2 == 0 {
							other.ServeHTTP(w, r)
							return
						}
					}
					one.ServeHTTP(w, r)
				})
				return b
			}},
	}
	for _, test := range tests {
		t.Run(test.code+" "+test.why, func(t *testing.T) {
			out := test.harness(&steady{seed: 42}).Run(t)
			word, codes := verdictOf(t, last(t, &out))
			if diff := cmp.Diff([]string{test.code}, codes); diff != "" || word != test.word {
				t.Errorf("%s (-want +got)\n%s", word, diff)
			}
		})
	}
}

// healthy returns a simulated engine without faults.
func healthy(config simengine.Config) http.Handler {
	engine, err := simengine.New(config)
	if err != nil {
		panic(err)
	}
	return engine
}

// hogged delays the goroutine that owns the plan.
type hogged struct {
	plan
	n int
}

func (h *hogged) Start() *workload.Request {
	if h.n++; h.n%20 == 0 {
		time.Sleep(60 * time.Millisecond)
	}
	return h.plan.Start()
}

// coarse rounds due times up to multiples of 80 ms.
type coarse struct{ plan }

func (c coarse) Next() (time.Duration, bool) {
	const grid = 80 * time.Millisecond
	due, ok := c.plan.Next()
	return (due + grid - 1) / grid * grid, ok
}

// A stallingWriter waits before each write.
type stallingWriter struct {
	http.ResponseWriter
	wait func()
}

func (p stallingWriter) Unwrap() http.ResponseWriter { return p.ResponseWriter }

func (p stallingWriter) Write(data []byte) (int, error) {
	p.wait()
	return p.ResponseWriter.Write(data)
}

// stalling wraps an engine so that it stalls once, for lasting, starting after its
// first request by after.
func stalling(next http.Handler, after, lasting time.Duration) http.Handler {
	var once sync.Once
	var from time.Time
	wait := func() {
		if now := time.Now(); !now.Before(from) {
			time.Sleep(from.Add(lasting).Sub(now))
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			once.Do(func() { from = time.Now().Add(after) })
			wait()
		}
		next.ServeHTTP(stallingWriter{w, wait}, r)
	})
}

// restarted returns an engine that is replaced by a fresh one some time after its
// first request. No request is lost.
func restarted(config simengine.Config, after time.Duration) http.Handler {
	before, now := healthy(config), healthy(config)
	var from atomic.Pointer[time.Time]
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			at := time.Now().Add(after)
			from.CompareAndSwap(nil, &at)
		}
		if at := from.Load(); at == nil || time.Now().Before(*at) {
			before.ServeHTTP(w, r)
		} else {
			now.ServeHTTP(w, r)
		}
	})
}

// rewritten replaces a text in responses.
type rewritten struct {
	http.ResponseWriter
	from, to []byte
}

func (r rewritten) Unwrap() http.ResponseWriter { return r.ResponseWriter }

func (r rewritten) Write(data []byte) (int, error) {
	_, err := r.ResponseWriter.Write(bytes.ReplaceAll(data, r.from, r.to))
	return len(data), err
}

func rewriting(next http.Handler, from, to string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(rewritten{w, []byte(from), []byte(to)}, r)
	})
}

// discard is a ResponseWriter that drops the response.
type discard struct{ header http.Header }

func (n discard) Header() http.Header            { return n.header }
func (discard) WriteHeader(int)                  {}
func (discard) Write(data []byte) (int, error)   { return len(data), nil }
func (discard) Flush()                           {}
func (discard) SetWriteDeadline(time.Time) error { return nil }
func foreign(r *http.Request, i int) *http.Request {
	body := fmt.Sprintf(`{"model":"sim","prompt":"another client's %d","max_tokens":5}`, i)
	other, err := http.NewRequestWithContext(r.Context(), http.MethodPost, "/v1/completions", strings.NewReader(body))
	if err != nil {
		panic(err)
	}
	return other
}

// withForeignTraffic wraps an engine that also serves a second client.
func withForeignTraffic(next http.Handler) http.Handler {
	var mu sync.Mutex
	requests := 0
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			mu.Lock()
			requests++
			n := requests
			mu.Unlock()
			if n%10 == 0 {
				next.ServeHTTP(discard{http.Header{}}, foreign(r, n))
			}
		}
		next.ServeHTTP(w, r)
	})
}

// lines is a file whose lines are written by a function, which may drop or delay them.
type lines struct {
	*os.File
	write func(file io.Writer, line []byte, n int)
	n     int
}

func create(write func(file io.Writer, line []byte, n int)) func(string) (io.WriteCloser, error) {
	return func(path string) (io.WriteCloser, error) {
		file, err := os.Create(path)
		return &lines{File: file, write: write}, err
	}
}

func (l *lines) Write(data []byte) (int, error) {
	for line := range bytes.Lines(data) {
		l.n++
		l.write(l.File, line, l.n)
	}
	return len(data), nil
}
