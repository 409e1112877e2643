package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/LMCache/LMBench/tools/results/record"
	"github.com/LMCache/LMBench/tools/test/workloadtest"
)

// stallingConn is a connection whose client stalls for 5 ms in one of twenty reads,
// at most once per 10 ms.
type stallingConn struct {
	net.Conn
	stall func() bool
	last  time.Time
}

func (s *stallingConn) Read(p []byte) (int, error) {
	n, err := s.Conn.Read(p)
	if err == nil && s.stall() && time.Since(s.last) > 10*time.Millisecond {
		time.Sleep(5 * time.Millisecond)
		s.last = time.Now()
	}
	return n, err
}

// stalls returns a wrapper of connections that stall at random, seeded.
func stalls(seed uint64) func(net.Conn) net.Conn {
	var mu sync.Mutex
	random := rand.New(rand.NewPCG(seed, 1))
	stall := func() bool {
		mu.Lock()
		defer mu.Unlock()
		return random.IntN(20) == 0
	}
	return func(conn net.Conn) net.Conn { return &stallingConn{Conn: conn, stall: stall} }
}

// The calibration reports how far a client's figures may be off. With a client that
// stalls, the real error lies within the reported one in at least 95 of 100 runs.
func TestReportedErrorCoversStalls(t *testing.T) {
	if testing.Short() {
		t.Skip("repeats a load a hundred times")
	}
	args := append([]string{"--time", "2", "--seed", "7"}, positional("40")...)
	run := func(harness workloadtest.Harness) (map[string]record.Row, string) {
		harness.Workload, harness.Args, harness.Calibrate = fresh(), args, true
		out := harness.Run(t)
		if out.Err != nil {
			t.Fatalf("%v\n%s", out.Err, out.Stderr)
		}
		rows := map[string]record.Row{}
		for row, err := range record.Read(strings.NewReader(out.Read(t, out.Files(t, "4-latest-results/*.csv")[0]))) {
			if err != nil {
				t.Fatal(err)
			}
			rows[row.RequestID] = row
		}
		return rows, out.Stderr
	}
	exact, _ := run(workloadtest.Harness{})
	inside := 0
	for seed := range uint64(100) {
		rows, stderr := run(workloadtest.Harness{WrapConn: stalls(seed)})
		var ttft, e2el []float64
		for id, row := range rows {
			ttft = append(ttft, math.Abs(*row.TTFT-*exact[id].TTFT)*1000)
			e2el = append(e2el, math.Abs(*row.Latency-*exact[id].Latency)*1000)
		}
		slices.Sort(ttft)
		slices.Sort(e2el)
		at := len(ttft) * 99 / 100
		var reported struct{ ttft, itl, e2el [2]float64 }
		_, line, _ := strings.Cut(stderr, "this client adds ")
		if _, err := fmt.Sscanf(line, "(mean, p99 in ms): TTFT %f, %f; ITL %f, %f; E2EL %f, %f",
			&reported.ttft[0], &reported.ttft[1], &reported.itl[0], &reported.itl[1], &reported.e2el[0], &reported.e2el[1]); err != nil {
			t.Fatalf("%v\n%s", err, stderr)
		}
		const rounding = 0.01 // ms, in the CSV and in the printed figures
		if ttft[at] > 4 && ttft[at] <= reported.ttft[1]+rounding && e2el[at] <= reported.e2el[1]+rounding {
			inside++
		}
	}
	if t.Logf("within the reported error in %d of 100 runs", inside); inside < 95 {
		t.Errorf("the error is within the reported one in %d of 100 runs, want at least 95", inside)
	}
}
