package simengine

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Bucket bounds of vLLM's histograms, in seconds.
var (
	firstTokenBounds = []float64{0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5,
		0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160, 640, 2560}
	interTokenBounds = []float64{0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75,
		1, 2.5, 5, 7.5, 10, 20, 40, 80}
	requestBounds = []float64{0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30,
		40, 50, 60, 120, 240, 480, 960, 1920, 7680}
)

// metrics are the series at /metrics, under vLLM's names. All have the label
// model_name with the engine's first model, regardless of the requests' models.
type metrics struct {
	handler http.Handler

	cacheQueries     prometheus.Counter // in tokens
	cacheHits        prometheus.Counter // in tokens
	promptTokens     prometheus.Counter
	generationTokens prometheus.Counter
	finished         *prometheus.CounterVec // by finished_reason

	firstToken prometheus.Observer
	interToken prometheus.Observer
	request    prometheus.Observer
}

func newMetrics(engine *Engine) *metrics {
	registry := prometheus.NewRegistry()
	labels := prometheus.Labels{"model_name": engine.models()[0]}

	gauge := func(name, help string, value func() float64) {
		registry.MustRegister(prometheus.NewGaugeFunc(
			prometheus.GaugeOpts{Name: name, Help: help, ConstLabels: labels}, value))
	}
	counter := func(name, help string) prometheus.Counter {
		metric := prometheus.NewCounter(prometheus.CounterOpts{Name: name, Help: help, ConstLabels: labels})
		registry.MustRegister(metric)
		return metric
	}
	histogram := func(name, help string, bounds []float64) prometheus.Observer {
		metric := prometheus.NewHistogram(
			prometheus.HistogramOpts{Name: name, Help: help, ConstLabels: labels, Buckets: bounds})
		registry.MustRegister(metric)
		return metric
	}

	gauge("vllm:num_requests_running", "Number of requests in model execution batches.", func() float64 {
		running, _ := engine.batch.counts()
		return float64(running)
	})
	gauge("vllm:num_requests_waiting", "Number of requests waiting to be processed.", func() float64 {
		_, waiting := engine.batch.counts()
		return float64(waiting)
	})
	gauge("vllm:kv_cache_usage_perc", "KV-cache usage. 1 means 100 percent usage.", engine.cacheUsage)

	m := &metrics{
		// A local scrape gains nothing from compression.
		handler: promhttp.HandlerFor(registry, promhttp.HandlerOpts{DisableCompression: true}),

		cacheQueries:     counter("vllm:prefix_cache_queries_total", "Prefix cache queries, in terms of number of queried tokens."),
		cacheHits:        counter("vllm:prefix_cache_hits_total", "Prefix cache hits, in terms of number of cached tokens."),
		promptTokens:     counter("vllm:prompt_tokens_total", "Number of prefill tokens processed."),
		generationTokens: counter("vllm:generation_tokens_total", "Number of generation tokens processed."),

		firstToken: histogram("vllm:time_to_first_token_seconds", "Histogram of time to first token in seconds.", firstTokenBounds),
		interToken: histogram("vllm:inter_token_latency_seconds", "Histogram of inter-token latency in seconds.", interTokenBounds),
		request:    histogram("vllm:e2e_request_latency_seconds", "Histogram of e2e request latency in seconds.", requestBounds),

		finished: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name:        "vllm:request_success_total",
			Help:        "Count of successfully processed requests.",
			ConstLabels: labels,
		}, []string{"finished_reason"}),
	}
	registry.MustRegister(m.finished)
	for _, reason := range []string{"stop", "length", "abort"} {
		m.finished.WithLabelValues(reason) // exported from the start, as 0
	}
	return m
}

// cacheUsage returns the fraction of KV blocks that running requests use. As in
// vLLM, a block that is only cached for reuse counts as free.
func (e *Engine) cacheUsage() float64 {
	if e.config.CacheBlocks == 0 {
		return 0
	}
	return min(1, float64(e.kvInUse.Load())/float64(e.config.CacheBlocks))
}
