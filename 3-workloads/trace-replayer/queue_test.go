package main

import (
	"bytes"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/LMCache/LMBench/tools/data/prompt"
	"github.com/LMCache/LMBench/tools/data/trace"
)

// mooncakeSized returns a synthetic trace of the size of Mooncake's: 12,031
// requests, as many blocks, batches every three seconds.
func mooncakeSized() *trace.Trace {
	return trace.Generate(trace.GenConfig{Seed: 1, Requests: 12031, Rate: 3.4, Variation: 0.1, Batch: 10,
		Input: trace.LogNormal{Median: 6500, Sigma: 0.9}, Output: trace.LogNormal{Median: 300, Sigma: 0.5},
		MaxTokens: 126000, BlockSize: 512, SystemPrompts: 1, SystemBlocks: 1, Continue: 0.25})
}

func builderOf(s *source) *promptBuilder {
	return &promptBuilder{layout: s.layout, blocks: prompt.NewBlocks(prompt.Vocabulary(), max(s.layout.Size, 64), 1)}
}

func TestPromptQueueKeepsTheOrder(t *testing.T) {
	generated := trace.Generate(trace.GenConfig{Seed: 1, Requests: 3 * queueSize, Rate: 100, Batch: 1, Input: trace.LogNormal{Median: 50}, Output: trace.LogNormal{Median: 5},
		MaxTokens: 500, BlockSize: 16, SystemBlocks: 1, Continue: 0.5})
	s := newSource(generated, 0, 1)
	want := builderOf(&s)
	synctest.Test(t, func(t *testing.T) {
		var q promptQueue
		q.begin(builderOf(&s), generated.Requests)
		for i := range generated.Requests {
			if i%7 == 0 {
				time.Sleep(10 * time.Millisecond)
			}
			if got := q.next(); got.text.String() != want.text(&generated.Requests[i]).String() {
				t.Fatalf("prompt %d is that of another request", i)
			}
			if len(q.ready) > queueSize {
				t.Fatalf("%d prompts are ready, want at most %d", len(q.ready), queueSize)
			}
		}
		q.end()
	})
}

func TestPromptQueueCanBeEnded(t *testing.T) {
	s := newSource(trace.Generate(trace.GenConfig{Seed: 1, Requests: 2 * queueSize, Rate: 1, Input: trace.LogNormal{Median: 50}, Output: trace.LogNormal{Median: 5},
		MaxTokens: 500, BlockSize: 16, Continue: 0.5}), 0, 1)
	for _, taken := range []int{0, 3, queueSize} {
		synctest.Test(t, func(t *testing.T) {
			var q promptQueue
			q.begin(builderOf(&s), s.trace.Requests)
			for range taken {
				q.next()
			}
			q.end()
		})
	}
}

// BenchmarkLoadAndPrepare does everything for a trace of Mooncake's size except
// sending. It should take less than 2 s and keep less than 500 MB.
func BenchmarkLoadAndPrepare(b *testing.B) {
	var file bytes.Buffer
	if err := trace.Write(&file, mooncakeSized(), trace.Mooncake); err != nil {
		b.Fatal(err)
	}
	var tokens, kept float64
	for b.Loop() {
		read, err := trace.Read("synthetic", bytes.NewReader(file.Bytes()), trace.Auto)
		if err != nil {
			b.Fatal(err)
		}
		s := newSource(read, 0, 1)
		prompts, meter := builderOf(&s), newReuseMeter()
		trace.IdealReuse(read.Requests, s.layout.Size)
		tokens = 0
		for i := range read.Requests {
			tokens += float64(meter.add(prompts.text(&read.Requests[i]), prompts.blockLayout(&read.Requests[i])).Tokens)
		}
		b.StopTimer()
		var memory runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&memory)
		kept = float64(memory.HeapAlloc) / 1e6
		runtime.KeepAlive(meter)
		runtime.KeepAlive(s)
		b.StartTimer()
	}
	b.ReportMetric(tokens, "tokens")
	b.ReportMetric(kept, "MB-kept")
}
