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

// stalling is a connection whose client stalls for 5 ms in one of twenty reads,
// but not twice within one first token.
type stalling struct {
	net.Conn
	draw func() bool
	last time.Time
}

func (s *stalling) Read(p []byte) (int, error) {
	n, err := s.Conn.Read(p)
	if err == nil && s.draw() && time.Since(s.last) > 10*time.Millisecond {
		time.Sleep(5 * time.Millisecond)
		s.last = time.Now()
	}
	return n, err
}

// stalls draws which reads stall, the same ones for a seed.
func stalls(seed uint64) func(net.Conn) net.Conn {
	var mu sync.Mutex
	random := rand.New(rand.NewPCG(seed, 1))
	draw := func() bool {
		mu.Lock()
		defer mu.Unlock()
		return random.IntN(20) == 0
	}
	return func(conn net.Conn) net.Conn { return &stalling{Conn: conn, draw: draw} }
}

// A client that stalls tells: what its figures are wrong by is inside the error
// that it states, in at least 95 of 100 runs.
func TestAStallingClientStatesItsError(t *testing.T) {
	args := append([]string{"--time", "2", "--seed", "7"}, positional("40")...)
	run := func(bench workloadtest.Harness) (map[string]record.Row, string) {
		bench.Workload, bench.Args, bench.Calibrate = fresh(), args, true
		out := bench.Run(t)
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
	right, _ := run(workloadtest.Harness{})
	inside := 0
	for seed := range uint64(100) {
		rows, said := run(workloadtest.Harness{WrapConn: stalls(seed)})
		var ttft, e2el []float64
		for id, row := range rows {
			ttft = append(ttft, math.Abs(*row.TTFT-*right[id].TTFT)*1000)
			e2el = append(e2el, math.Abs(*row.Latency-*right[id].Latency)*1000)
		}
		slices.Sort(ttft)
		slices.Sort(e2el)
		at := len(ttft) * 99 / 100
		var stated struct{ ttft, itl, e2el [2]float64 }
		_, line, _ := strings.Cut(said, "this client adds ")
		if _, err := fmt.Sscanf(line, "(mean, p99 in ms): TTFT %f, %f; ITL %f, %f; E2EL %f, %f",
			&stated.ttft[0], &stated.ttft[1], &stated.itl[0], &stated.itl[1], &stated.e2el[0], &stated.e2el[1]); err != nil {
			t.Fatalf("%v\n%s", err, said)
		}
		const rounding = 0.01 // ms, of the CSV and of what is printed
		if ttft[at] > 4 && ttft[at] <= stated.ttft[1]+rounding && e2el[at] <= stated.e2el[1]+rounding {
			inside++
		}
	}
	if t.Logf("inside in %d of 100 runs", inside); inside < 95 {
		t.Errorf("the stall is inside the stated error in %d of 100 runs, want 95", inside)
	}
}
