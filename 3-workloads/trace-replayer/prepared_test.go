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

// mooncakeSized is a made-up trace of the public one's size: 12,031 requests,
// as many blocks, batches every three seconds.
func mooncakeSized() *trace.Trace {
	return trace.Generate(trace.GenConfig{Seed: 1, Requests: 12031, Rate: 3.4, Variation: 0.1, Batch: 10,
		Input: trace.LogNormal{Median: 6500, Sigma: 0.9}, Output: trace.LogNormal{Median: 300, Sigma: 0.5},
		MaxTokens: 126000, BlockSize: 512, SystemPrompts: 1, SystemBlocks: 1, Continue: 0.25})
}

func composerOf(s *source) *composer {
	return &composer{layout: s.layout, blocks: prompt.NewBlocks(prompt.Vocabulary(), max(s.layout.Size, 64), 1)}
}

func TestPreparedComeInOrder(t *testing.T) {
	made := trace.Generate(trace.GenConfig{Seed: 1, Requests: 3 * readyAtMost, Rate: 100, Batch: 1, Input: trace.LogNormal{Median: 50}, Output: trace.LogNormal{Median: 5},
		MaxTokens: 500, BlockSize: 16, SystemBlocks: 1, Continue: 0.5})
	s := newSource(made, 0, 1)
	want := composerOf(&s)
	synctest.Test(t, func(t *testing.T) {
		var p prepared
		p.begin(composerOf(&s), made.Requests)
		for i := range made.Requests {
			if i%7 == 0 {
				time.Sleep(10 * time.Millisecond)
			}
			if got := p.next(); got.text.String() != want.text(&made.Requests[i]).String() {
				t.Fatalf("prompt %d is another one's", i)
			}
			if len(p.ready) > readyAtMost {
				t.Fatalf("%d prompts are ready, want at most %d", len(p.ready), readyAtMost)
			}
		}
		p.end()
	})
}

func TestPreparingCanBeEnded(t *testing.T) {
	s := newSource(trace.Generate(trace.GenConfig{Seed: 1, Requests: 2 * readyAtMost, Rate: 1, Input: trace.LogNormal{Median: 50}, Output: trace.LogNormal{Median: 5},
		MaxTokens: 500, BlockSize: 16, Continue: 0.5}), 0, 1)
	for _, taken := range []int{0, 3, readyAtMost} {
		synctest.Test(t, func(t *testing.T) {
			var p prepared
			p.begin(composerOf(&s), s.trace.Requests)
			for range taken {
				p.next()
			}
			p.end()
		})
	}
}

// A trace of Mooncake's size, from its file to the last of its prompts: all that
// is done for it but the sending. It has to take less than 2 s, and what is kept
// at a time less than 500 MB.
func BenchmarkLoadAndPrepare(b *testing.B) {
	var file bytes.Buffer
	if err := trace.Write(&file, mooncakeSized(), trace.Mooncake); err != nil {
		b.Fatal(err)
	}
	var tokens, kept float64
	for b.Loop() {
		read, err := trace.Read("made up", bytes.NewReader(file.Bytes()), trace.Auto)
		if err != nil {
			b.Fatal(err)
		}
		s := newSource(read, 0, 1)
		c, reader := composerOf(&s), newReader()
		trace.IdealReuse(read.Requests, s.layout.Size)
		tokens = 0
		for i := range read.Requests {
			tokens += float64(reader.read(c.text(&read.Requests[i]), c.grid(&read.Requests[i])).Tokens)
		}
		b.StopTimer()
		var memory runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&memory)
		kept = float64(memory.HeapAlloc) / 1e6
		runtime.KeepAlive(reader)
		runtime.KeepAlive(s)
		b.StartTimer()
	}
	b.ReportMetric(tokens, "tokens")
	b.ReportMetric(kept, "MB-kept")
}
