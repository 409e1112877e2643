package simengine

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// series parses a metrics page into values by name with labels.
func series(t testing.TB, page string) map[string]float64 {
	t.Helper()
	values := make(map[string]float64)
	for line := range strings.Lines(page) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		space := strings.LastIndexByte(line, ' ')
		value, err := strconv.ParseFloat(line[space+1:], 64)
		if err != nil {
			t.Fatalf("metrics line %q: %v", line, err)
		}
		values[line[:space]] = value
	}
	return values
}

// checkMetrics compares some of the series at /metrics.
func checkMetrics(t testing.TB, client *http.Client, want map[string]float64) {
	t.Helper()
	got := series(t, get(t, client, "/metrics"))
	for name, value := range want {
		actual, found := got[name]
		switch {
		case !found:
			t.Errorf("%s is missing", name)
		case (actual-value) > 1e-9 || (value-actual) > 1e-9:
			t.Errorf("%s is %v, want %v", name, actual, value)
		}
	}
}

func TestMetricsStartAtZero(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, client := start(t, Config{Models: []string{"m", "alias"}})
		page := get(t, client, "/metrics")
		for name, value := range series(t, page) {
			if value != 0 {
				t.Errorf("%s is %v before any request", name, value)
			}
			if !strings.Contains(name, `model_name="m"`) {
				t.Errorf("%s lacks the label with the first model", name)
			}
		}
		for _, line := range []string{
			"# TYPE vllm:num_requests_running gauge",
			"# TYPE vllm:num_requests_waiting gauge",
			"# TYPE vllm:kv_cache_usage_perc gauge",
			"# TYPE vllm:prefix_cache_queries_total counter",
			"# TYPE vllm:prefix_cache_hits_total counter",
			"# TYPE vllm:prompt_tokens_total counter",
			"# TYPE vllm:generation_tokens_total counter",
			"# TYPE vllm:request_success_total counter",
			"# TYPE vllm:time_to_first_token_seconds histogram",
			"# TYPE vllm:inter_token_latency_seconds histogram",
			"# TYPE vllm:e2e_request_latency_seconds histogram",
		} {
			if !strings.Contains(page, line+"\n") {
				t.Errorf("missing: %s", line)
			}
		}
	})
}

func TestMetricsAfterRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, client := start(t, Config{
			Models: []string{"m"}, BaseTTFT: 90 * time.Millisecond, ITL: 40 * time.Millisecond,
			CacheBlocks: 10,
		})
		var all sync.WaitGroup
		all.Go(func() { post(client, "/v1/completions", completion(33, 6)) })
		time.Sleep(100 * time.Millisecond)
		// 33 prompt tokens and 1 answer token use 3 of 10 blocks.
		checkMetrics(t, client, map[string]float64{`vllm:kv_cache_usage_perc{model_name="m"}`: 0.3})
		all.Wait()
		post(client, "/v1/completions", completion(33, 1))
		checkMetrics(t, client, map[string]float64{
			`vllm:num_requests_running{model_name="m"}`:                           0,
			`vllm:kv_cache_usage_perc{model_name="m"}`:                            0,
			`vllm:prefix_cache_queries_total{model_name="m"}`:                     66,
			`vllm:prefix_cache_hits_total{model_name="m"}`:                        32,
			`vllm:prompt_tokens_total{model_name="m"}`:                            66,
			`vllm:generation_tokens_total{model_name="m"}`:                        7,
			`vllm:request_success_total{finished_reason="length",model_name="m"}`: 2,
			`vllm:request_success_total{finished_reason="stop",model_name="m"}`:   0,
			`vllm:time_to_first_token_seconds_count{model_name="m"}`:              2,
			`vllm:time_to_first_token_seconds_sum{model_name="m"}`:                0.18,
			`vllm:time_to_first_token_seconds_bucket{model_name="m",le="0.08"}`:   0,
			`vllm:time_to_first_token_seconds_bucket{model_name="m",le="0.1"}`:    2,
			`vllm:inter_token_latency_seconds_count{model_name="m"}`:              5,
			`vllm:inter_token_latency_seconds_sum{model_name="m"}`:                0.2,
			`vllm:e2e_request_latency_seconds_count{model_name="m"}`:              2,
			`vllm:e2e_request_latency_seconds_sum{model_name="m"}`:                0.38,
		})
	})
}
