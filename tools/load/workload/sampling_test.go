package workload

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/LMCache/LMBench/tools/load/params"
	"github.com/LMCache/LMBench/tools/results/verdict"
	"github.com/LMCache/LMBench/tools/test/pipe"
)

// pages is a server whose engine counts what it is asked for.
func pages(t *testing.T, handler http.HandlerFunc, do func(world World)) {
	synctest.Test(t, func(t *testing.T) {
		network := pipe.Listen()
		server := &http.Server{Handler: handler}
		var serving sync.WaitGroup
		serving.Go(func() { _ = server.Serve(network) })
		defer serving.Wait()
		defer server.Close()
		do(World{Dial: network.Dial})
	})
}

func TestWatchEngine(t *testing.T) {
	asked := 0
	engine := func(w http.ResponseWriter, r *http.Request) {
		asked++
		switch {
		case r.URL.Path != "/metrics" || asked == 4:
			http.Error(w, "no", http.StatusNotFound)
		case asked == 1:
			io.WriteString(w, "vllm:num_requests_running 0\nvllm:kv_cache_usage_perc 0\nvllm:prompt_tokens_total 10\n")
		default:
			io.WriteString(w, "vllm:num_requests_running 4\nvllm:kv_cache_usage_perc 0.25\nvllm:prompt_tokens_total 110\n")
		}
	}
	tests := []struct {
		why, pages string
		told       string // what the person reads, where it matters
		want       verdict.Counters
	}{
		{"the page beside /v1", "engine",
			"note: counters could not be read 1 times, the last time: GET http://engine:1/metrics: status 404: the engine does not offer it\n",
			verdict.Counters{Engine: "vLLM", Sources: new(1), Samples: new(3), SamplesFailed: new(1), PromptTokens: new(100.0),
				Running: verdict.Gauge{Mean: new(4.0), Max: new(4.0)}, KVCacheUsage: verdict.Gauge{Mean: new(0.25), Max: new(0.25)}}},
		{"a page that was asked for and is not there", "http://other:9/nothing",
			"note: no counters: GET http://other:9/nothing: status 404: the engine does not offer it\n", verdict.Counters{}},
		{"none is wanted", "none", "", verdict.Counters{}},
	}
	for _, test := range tests {
		asked = 0
		pages(t, engine, func(world World) {
			var told strings.Builder
			world.Stderr = &told
			common := &Common{BaseURL: "http://engine:1/v1", MetricsInterval: time.Second}
			if err := params.MetricsPages(&common.MetricsPages).Set(test.pages); err != nil {
				t.Fatal(err)
			}
			var facts verdict.Facts
			end := watchEngine(context.Background(), &run{world: world, common: common})
			time.Sleep(4 * time.Second)
			end(context.Background(), &facts)
			if diff := cmp.Diff(verdict.Facts{Counters: test.want}, facts); diff != "" {
				t.Errorf("%s (-want +got)\n%s", test.why, diff)
			}
			if told.String() != test.told {
				t.Errorf("%s: told %q, want %q", test.why, told.String(), test.told)
			}
		})
	}
}
