package main

import (
	"bytes"
	"os"
	"testing"

	"github.com/LMCache/LMBench/tools/data/trace"
)

// The example trace is synthetic. This command generated it:
//
//	traces make --seed 1 --requests 240 --rate 4 --variation 2 --input-median 120 --input-sigma 0.8
//	  --output-median 40 --output-sigma 0.6 --longest 4096 --block-size 64 --systems 3 --system-blocks 4 --continue 0.6
func TestExampleTraceIsReproducible(t *testing.T) {
	generated := trace.Generate(trace.GenConfig{Seed: 1, Requests: 240, Rate: 4, Variation: 2, Batch: 1,
		Input: trace.LogNormal{Median: 120, Sigma: 0.8}, Output: trace.LogNormal{Median: 40, Sigma: 0.6},
		MaxTokens: 4096, BlockSize: 64, SystemPrompts: 3, SystemBlocks: 4, Continue: 0.6})
	var want bytes.Buffer
	if err := trace.Write(&want, generated, trace.Mooncake); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("traces/example.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want.Bytes()) {
		t.Error("traces/example.jsonl differs from the generated trace")
	}
}
