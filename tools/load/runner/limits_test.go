package runner

import (
	"strings"
	"testing"

	"github.com/LMCache/LMBench/tools/load/workload"
)

func TestLimits(t *testing.T) {
	server := Limits{Files: 1 << 20, Ports: 28232}
	tests := []struct {
		why      string
		has      Limits
		stages   []workload.Stage
		sources  int
		want     []string // nil: enough
		wantLess string
	}{
		{"a small run anywhere", Limits{Files: 1024, Ports: 28232}, []workload.Stage{{Connections: 900}}, 0, nil, ""},
		{"the limit of many systems", Limits{Files: 1024, Ports: 28232}, []workload.Stage{{Connections: 10}, {Connections: 1000}}, 0, []string{"1000 connections", "need 1064 file descriptors", "may have 1024", "ulimit -Hn"}, "ports"},
		{"the ports of one address", server, []workload.Stage{{Connections: 30000}}, 0, []string{"30000 connections", "28232 local ports", "give 2 addresses", "--source-addresses"}, "descriptors"},
		{"two addresses are enough", server, []workload.Stage{{Connections: 30000}}, 2, nil, ""},
		{"one given address replaces the default one", server, []workload.Stage{{Connections: 30000}}, 1, []string{"give 2 addresses"}, ""},
		{"requests that are due together", server, []workload.Stage{{Connections: 1, Burst: 40000}}, 0, []string{"40000"}, ""},
		{"both at once", Limits{Files: 100, Ports: 50}, []workload.Stage{{Connections: 200}}, 0, []string{"descriptors", "ports"}, ""},
		{"unknown limits", Limits{}, []workload.Stage{{Connections: 1 << 20}}, 0, nil, ""},
	}
	for _, test := range tests {
		err := test.has.check(test.stages, test.sources)
		if (err == nil) != (test.want == nil) {
			t.Errorf("%s: error %v", test.why, err)
			continue
		}
		for _, word := range test.want {
			if !strings.Contains(err.Error(), word) {
				t.Errorf("%s: want %q in %v", test.why, word, err)
			}
		}
		if err != nil && test.wantLess != "" && strings.Contains(err.Error(), test.wantLess) {
			t.Errorf("%s: want no %s in %v", test.why, test.wantLess, err)
		}
	}
}
