package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/LMCache/LMBench/tools/results/eventlog"
	"github.com/LMCache/LMBench/tools/results/record"
	"github.com/LMCache/LMBench/tools/results/result"
)

// TestWriteLargeSuite writes a large suite, to measure the report's time and memory.
// LMBENCH_LARGE_SUITE names a folder, LMBENCH_LARGE_ROWS the requests per result (50,000
// by default). These commands
//
//	LMBENCH_LARGE_SUITE=/tmp/large go test -run WriteLargeSuite -timeout 1h ./tools/report
//	/usr/bin/time -v tools/report/report --root /tmp/large large
//
// read 200 results with 10 million requests of 16 chunks each.
func TestWriteLargeSuite(t *testing.T) {
	root := os.Getenv("LMBENCH_LARGE_SUITE")
	if root == "" {
		t.Skip("writes gigabytes: set LMBENCH_LARGE_SUITE to a folder")
	}
	n := 50_000
	if text := os.Getenv("LMBENCH_LARGE_ROWS"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	for baseline := range 10 {
		for rate := 1; rate <= 20; rate++ {
			writeLargeResult(t, root, fmt.Sprintf("engine-%d", baseline), float64(10*rate), n)
		}
	}
}

// writeLargeResult writes one result as a sweep does. Its JSON summarizes only the first
// thousand requests, because summarizing is not measured.
func writeLargeResult(t *testing.T, root, key string, qps float64, n int) {
	t.Helper()
	random := rand.New(rand.NewPCG(uint64(qps), uint64(len(key)+int(key[len(key)-1]))))
	value := func(v float64) *float64 { return &v }
	one := func(i int) record.Row {
		launch := 1_700_000_000 + float64(i)/qps
		turn := i/200%20 + 1
		ttft := 0.03*(1+random.ExpFloat64()*qps/100) + 0.2/float64(turn)
		row := record.Row{UserID: i%200 + i/4000*200, QuestionID: turn, LaunchTime: launch, ScheduledTime: launch - random.ExpFloat64()*1e-4, FinishTime: launch + ttft + 0.3,
			TTFT: value(ttft), GenerationTime: value(0.3), PromptTokens: value(1000), GenerationTokens: value(16), CachedTokens: value(float64(turn * 40)),
			Latency: value(ttft + 0.3), Attempts: 1, TokensFrom: record.FromUsage, FinishReason: "length", RequestID: strconv.Itoa(i)}
		for range 15 {
			row.Gaps = append(row.Gaps, time.Duration(15000+random.IntN(10000))*time.Microsecond)
		}
		if random.IntN(1000) == 0 {
			row = record.Row{UserID: row.UserID, QuestionID: turn, LaunchTime: launch, ScheduledTime: launch, FinishTime: launch + 0.1, Error: "HTTP 503"}
		}
		return row
	}
	write := func(path string, write func(*os.File) error) {
		file, err := os.Create(path)
		if err == nil {
			err = write(file)
		}
		if err == nil {
			err = file.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	csv := filepath.Join(root, "first.csv")
	if err := os.MkdirAll(root, 0o755); err != nil {
		t.Fatal(err)
	}
	write(csv, func(file *os.File) error {
		out, err := record.NewWriter(file, record.Conversation())
		for i := 0; i < min(n, 1000) && err == nil; i++ {
			err = out.Write(one(i))
		}
		return err
	})
	report, err := result.Write(result.Options{Root: root, CSV: csv, Now: time.Unix(1_700_000_000, 0), Pairs: []string{
		"NAME=large", "LMBENCH_SESSION_ID=s", "KEY=" + key, "WORKLOAD=synthetic", fmt.Sprintf("QPS=%g", qps), "AUTO_UPLOAD=false"}})
	if err != nil {
		t.Fatal(err)
	}
	write(strings.TrimSuffix(report.Path, ".json")+eventlog.Ending, func(file *os.File) error {
		log, err := eventlog.NewWriter(file, eventlog.Header{Workload: "synthetic", Start: time.Unix(1_700_000_000, 0), Layout: record.Conversation()})
		for i := 0; i < n && err == nil; i++ {
			request := eventlog.Request{Row: one(i)}
			at := time.Duration(0)
			if row := &request.Row; row.TTFT != nil {
				at = time.Duration(*row.TTFT * 1e9)
				request.Arrivals = append(request.Arrivals, at)
				for _, gap := range row.Gaps {
					at += gap
					request.Arrivals = append(request.Arrivals, at)
				}
			}
			err = log.Write(&request)
		}
		if err == nil {
			err = log.Flush()
		}
		return err
	})
}
