package simengine

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestNewReportsEverything(t *testing.T) {
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
--error-event-every: -4 is negative
--cut-every: -3 is negative
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

func TestFaultPrecedence(t *testing.T) {
	all := Faults{FailEvery: 6, HangEvery: 5, CutEvery: 4, ErrorEventEvery: 3, NoUsageEvery: 2}
	for _, test := range []struct {
		ordinal int64
		want    fault
		why     string
	}{
		{1, noFault, "no period divides 1"},
		{2, noUsageFault, "only the period of 2"},
		{3, errorEventFault, "only the period of 3"},
		{12, failFault, "divisible by 6, 4, 3 and 2: failing goes first"},
		{20, hangFault, "5, 4 and 2: hanging before the cut"},
		{4, cutFault, "4 and 2: a stream that is cut has no usage anyway"},
	} {
		if got := all.of(test.ordinal); got != test.want {
			t.Errorf("request %d has fault %d, want %d: %s", test.ordinal, got, test.want, test.why)
		}
	}
	if got := (Faults{}).of(1); got != noFault {
		t.Errorf("fault %d without any period", got)
	}
}
