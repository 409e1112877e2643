package simengine

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestNewReportsAllMistakes(t *testing.T) {
	_, err := New(Config{
		Models: []string{"a", ""}, MaxModelLen: -1, ChatTokens: -1, StopAfter: -1,
		BaseTTFT: -time.Millisecond, PrefillPer1k: -1, ITL: -time.Second,
		MaxBatch: -1, Jitter: math.NaN(), BlockSize: -16, CacheBlocks: -1,
		Faults: Faults{FailEvery: -1, HangEvery: -2, CutEvery: -3, ErrorEventEvery: -4, NoUsageEvery: -5},
	})
	want := `--model: the name is empty
--base-ttft: -1ms is negative
--prefill-per-1k: -1ns is negative
--itl: -1s is negative
--jitter: NaN is not between 0 and 1
--max-model-len: -1 is negative
--chat-tokens: -1 is negative
--stop-after: -1 is negative
--max-batch: -1 is negative
--block-size: -16 is negative
--cache-blocks: -1 is negative
--fail-every: -1 is negative
--hang-every: -2 is negative
--cut-every: -3 is negative
--error-event-every: -4 is negative
--no-usage-every: -5 is negative`
	if err == nil {
		t.Fatal("no error")
	}
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestZeroConfigIsValid(t *testing.T) {
	engine, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	want := Config{MaxBatch: 256, BlockSize: 16, MaxModelLen: 131072, ChatTokens: 256}
	if diff := cmp.Diff(want, engine.config); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
