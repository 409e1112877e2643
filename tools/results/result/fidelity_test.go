package result

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/LMCache/LMBench/tools/results/spec"
)

func TestFidelity(t *testing.T) {
	given, _ := parsePairs([]string{"TRACE_FILE=./t", "FIDELITY_BLOCK_SIZE=512", "FIDELITY_SENT_BLOCK_HIT_RATIO=0.366400", "FIDELITY_WORD=none", "QPS=1"})
	want := spec.Map{{Key: "block_size", Value: int64(512)}, {Key: "sent_block_hit_ratio", Value: 0.3664}}
	if diff := cmp.Diff(want, given.fidelity().Map); diff != "" {
		t.Errorf("the block (-want +got)\n%s", diff)
	}
	workload, _ := given.stored()
	if diff := cmp.Diff(spec.Map{{Key: "TRACE_FILE", Value: "./t"}, {Key: "QPS", Value: int64(1)}}, workload); diff != "" {
		t.Errorf("the workload has the same again (-want +got)\n%s", diff)
	}
}
