package enginemetrics

import (
	"errors"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/LMCache/LMBench/tools/engine/simengine"
)

type values = map[Metric]float64

func TestRead(t *testing.T) {
	tests := []struct {
		file, why string
		want      Scrape
	}{
		{"vllm-v1.txt", "two engines behind one server; deprecated names beside the new ones", Scrape{"vLLM", false, values{
			Running: 12, Waiting: 3, KVUsage: 0.5, CacheQueries: 200000, CacheHits: 150000, ExternalQueries: 50000, ExternalHits: 12000,
			Preemptions: 2, PromptTokens: 201500, GenerationTokens: 50000, Finished: 101, TTFTSum: 20.2, TTFTCount: 101}}},
		{"vllm-v0.txt", "cache hit rates, but no counters", Scrape{"vLLM", false, values{
			Running: 1, Waiting: 0, KVUsage: 0.031, Preemptions: 0, PromptTokens: 512, GenerationTokens: 99, Finished: 3, TTFTSum: 0.42, TTFTCount: 3}}},
		{"sglang.txt", "cached tokens by cache level; retractions since the start, not of the last batch", Scrape{"SGLang", false, values{
			Running: 16, Waiting: 4, KVUsage: 0.28, CacheQueries: 8128902, CacheHits: 64000, Preemptions: 48,
			PromptTokens: 8128902, GenerationTokens: 7557572, Finished: 11228, TTFTSum: 2351800, TTFTCount: 11008}}},
		{"llamacpp.txt", "prompt tokens are the sum of computed and cached ones", Scrape{"llama.cpp", false, values{
			Running: 2, Waiting: 1, CacheQueries: 1000, CacheHits: 100, PromptTokens: 1000, GenerationTokens: 345}}},
		{"llamacpp-old.txt", "without cached tokens the number of prompt tokens is unknown", Scrape{"llama.cpp", false, values{
			Running: 2, Waiting: 0, KVUsage: 0.125, GenerationTokens: 345}}},
		{"tgi.txt", "token counts are the sums of histograms", Scrape{"TGI", false, values{
			Running: 8, Waiting: 3, PromptTokens: 2048, GenerationTokens: 640, Finished: 10}}},
		{"trtllm.txt", "trtllm-serve", Scrape{"TensorRT-LLM", false, values{
			Running: 2, Waiting: 1, KVUsage: 0.62, Finished: 5, TTFTSum: 0.5, TTFTCount: 5}}},
		{"llm-d.txt", "new names beside deprecated ones", Scrape{"llm-d router", true, values{
			Running: 9, Waiting: 3, KVUsage: 0.4, CacheQueries: 6000, CacheHits: 1500, PromptTokens: 6000, GenerationTokens: 900, Finished: 30}}},
		{"gie.txt", "the predecessor of llm-d's router", Scrape{"llm-d router", true, values{Running: 6, Waiting: 4, KVUsage: 0.5}}},
		{"dynamo.txt", "a frontend that exports no hits", Scrape{"Dynamo frontend", true, values{
			Running: 11, Waiting: 4, PromptTokens: 4096, GenerationTokens: 800, Finished: 8, TTFTSum: 1.5, TTFTCount: 8}}},
	}
	for _, test := range tests {
		page, err := os.ReadFile(filepath.Join("testdata", test.file))
		if err != nil {
			t.Fatal(err)
		}
		got, err := Read(page)
		if diff := cmp.Diff(test.want, got); diff != "" || err != nil {
			t.Errorf("%s (%s): %v (-want +got)\n%s", test.file, test.why, err, diff)
		}
		if !strings.HasPrefix(test.file, "vllm") && !strings.HasPrefix(test.file, "sglang") {
			continue
		}
		got, _ = Read([]byte(strings.ReplaceAll(string(page), ":", "_")))
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s with underscores for colons (-want +got)\n%s", test.file, diff)
		}
	}
	for _, page := range []string{"", "<html>\nnot found 404\n", "go_goroutines 7\n"} {
		if _, err := Read([]byte(page)); !errors.Is(err, ErrUnknown) {
			t.Errorf("%q: error %v, want %v", page, err, ErrUnknown)
		}
	}
}

// The simulated engine exports metrics under vLLM's names.
func TestReadsTheSimulatedEngine(t *testing.T) {
	engine, err := simengine.New(simengine.Config{})
	if err != nil {
		t.Fatal(err)
	}
	page := httptest.NewRecorder()
	engine.ServeHTTP(page, httptest.NewRequest("GET", "/metrics", nil))
	got, err := Read(page.Body.Bytes())
	want := Scrape{"vLLM", false, values{Running: 0, Waiting: 0, KVUsage: 0, CacheQueries: 0, CacheHits: 0,
		PromptTokens: 0, GenerationTokens: 0, Finished: 0, TTFTSum: 0, TTFTCount: 0}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
}

func TestSince(t *testing.T) {
	before := Scrape{Engine: "vLLM", Values: values{Running: 1, PromptTokens: 10, GenerationTokens: 5, Finished: 7}}
	after := Scrape{Engine: "vLLM", Values: values{Running: 9, PromptTokens: 30, GenerationTokens: 4, Finished: 7, CacheHits: 3}}
	// A gauge has no delta; a lower counter was reset; a new counter has no earlier value.
	want := Scrape{Engine: "vLLM", Values: values{PromptTokens: 20, Finished: 0}}
	if diff := cmp.Diff(want, after.Delta(before)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestSum(t *testing.T) {
	a := Scrape{Values: values{Running: 1, KVUsage: 0.2, PromptTokens: 10}}
	b := Scrape{Values: values{Running: 2, KVUsage: 0.6}}
	router := Scrape{Router: true, Values: values{Running: 3, PromptTokens: 12, Finished: 4}}
	tests := []struct {
		why  string
		of   []Scrape
		want values
	}{
		{"nothing", nil, values{}},
		{"two engines", []Scrape{a, b}, values{Running: 3, KVUsage: 0.4, PromptTokens: 10}},
		{"metrics of a router are used only if no engine exports them", []Scrape{router, a, b}, values{Running: 3, KVUsage: 0.4, PromptTokens: 10, Finished: 4}},
		{"only a router", []Scrape{router}, values{Running: 3, PromptTokens: 12, Finished: 4}},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, Sum(test.of...)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", test.why, diff)
		}
	}
}
