package workload

import (
	"strings"
	"testing"
)

func TestCapacity(t *testing.T) {
	server := Capacity{Files: 1 << 20, Ports: 28232}
	tests := []struct {
		why      string
		has      Capacity
		stages   []Stage
		sources  int
		want     []string // nil: enough
		wantLess string
	}{
		{"a small run anywhere", Capacity{Files: 1024, Ports: 28232}, []Stage{{Connections: 900}}, 0, nil, ""},
		{"the limit of many systems", Capacity{Files: 1024, Ports: 28232}, []Stage{{Connections: 10}, {Connections: 1000}}, 0, []string{"1000 connections", "need 1064 file descriptors", "may have 1024", "ulimit -Hn"}, "ports"},
		{"the ports of one address", server, []Stage{{Connections: 30000}}, 0, []string{"30000 connections", "28232", "give 2 addresses", "--source-addresses"}, "descriptors"},
		{"are enough with two", server, []Stage{{Connections: 30000}}, 2, nil, ""},
		{"one address of one's own adds none", server, []Stage{{Connections: 30000}}, 1, []string{"give 2 addresses"}, ""},
		{"requests that are due together", server, []Stage{{Connections: 1, AtOnce: 40000}}, 0, []string{"40000"}, ""},
		{"both at once", Capacity{Files: 100, Ports: 50}, []Stage{{Connections: 200}}, 0, []string{"descriptors", "ports"}, ""},
		{"a system that does not say", Capacity{}, []Stage{{Connections: 1 << 20}}, 0, nil, ""},
	}
	for _, test := range tests {
		err := test.has.check(test.stages, test.sources)
		if (err == nil) != (test.want == nil) {
			t.Errorf("%s: error %v", test.why, err)
			continue
		}
		for _, word := range test.want {
			if !strings.Contains(err.Error(), word) {
				t.Errorf("%s: no word of %q in %v", test.why, word, err)
			}
		}
		if err != nil && test.wantLess != "" && strings.Contains(err.Error(), test.wantLess) {
			t.Errorf("%s: speaks of %s: %v", test.why, test.wantLess, err)
		}
	}
}
