package monitor

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/LMCache/LMBench/tools/engine/openai"
	"github.com/LMCache/LMBench/tools/load/params"
	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/results/verdict"
	"github.com/LMCache/LMBench/tools/test/pipe"
)

// serve runs do with a dialer to a server, in virtual time.
func serve(t *testing.T, handler http.HandlerFunc, do func(dial workload.Dialer)) {
	synctest.Test(t, func(t *testing.T) {
		network := pipe.Listen()
		server := &http.Server{Handler: handler}
		var serving sync.WaitGroup
		serving.Go(func() { _ = server.Serve(network) })
		defer serving.Wait()
		defer server.Close()
		do(network.Dial)
	})
}

func TestEngine(t *testing.T) {
	requests := 0
	engine := func(w http.ResponseWriter, r *http.Request) {
		requests++
		switch {
		case r.URL.Path != "/metrics" || requests == 4:
			http.Error(w, "no", http.StatusNotFound)
		case requests == 1:
			io.WriteString(w, "vllm:num_requests_running 0\nvllm:kv_cache_usage_perc 0\nvllm:prompt_tokens_total 10\n")
		default:
			io.WriteString(w, "vllm:num_requests_running 4\nvllm:kv_cache_usage_perc 0.25\nvllm:prompt_tokens_total 110\n")
		}
	}
	tests := []struct {
		why, pages string
		notes      string
		want       verdict.Counters
	}{
		{"the page beside /v1", "engine",
			"note: engine metrics could not be read 1 times, the last error: GET http://engine:1/metrics: status 404: not offered by the engine\n",
			verdict.Counters{Engine: "vLLM", Sources: new(1), Samples: new(3), SamplesFailed: new(1), PromptTokens: new(100.0),
				Running: verdict.Gauge{Mean: new(4.0), Max: new(4.0)}, KVCacheUsage: verdict.Gauge{Mean: new(0.25), Max: new(0.25)}}},
		{"a named page that does not exist", "http://other:9/nothing",
			"note: no engine metrics: GET http://other:9/nothing: status 404: not offered by the engine\n", verdict.Counters{}},
		{"no page", "none", "", verdict.Counters{}},
	}
	for _, test := range tests {
		requests = 0
		serve(t, engine, func(dial workload.Dialer) {
			var notes strings.Builder
			config := Config{Wall: time.Now, Note: func(format string, values ...any) { fmt.Fprintf(&notes, "note: "+format+"\n", values...) },
				Engine: EngineConfig{Client: openai.Config{BaseURL: "http://engine:1/v1", Dial: dial}, Interval: time.Second}}
			if err := params.MetricsPages(&config.Engine.Pages).Set(test.pages); err != nil {
				t.Fatal(err)
			}
			monitors := Start(context.Background(), config)
			time.Sleep(4 * time.Second)
			facts := monitors.End(context.Background())
			if diff := cmp.Diff(test.want, facts.Counters); diff != "" {
				t.Errorf("%s (-want +got)\n%s", test.why, diff)
			}
			if notes.String() != test.notes {
				t.Errorf("%s: notes %q, want %q", test.why, notes.String(), test.notes)
			}
		})
	}
}
