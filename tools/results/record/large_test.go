package record

import (
	"bufio"
	"cmp"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// TestWriteLarge writes two CSVs to measure readers with: of the original's eight
// columns, and of all that a workload with conversations has. LMBENCH_LARGE_CSV
// names a folder, LMBENCH_LARGE_ROWS how many rows (10,000,000: 0.9 and 2.9 GB).
//
//	LMBENCH_LARGE_CSV=/tmp/large go test -run WriteLarge -timeout 1h ./tools/record
//	LMBENCH_LARGE_CSV=/tmp/large go test -run - -bench Large ./tools/metrics
//	/usr/bin/time -v tools/summarize/summarize --root /tmp/large /tmp/large/original.csv
func TestWriteLarge(t *testing.T) {
	folder := os.Getenv("LMBENCH_LARGE_CSV")
	if folder == "" {
		t.Skip("writes gigabytes: set LMBENCH_LARGE_CSV to a folder")
	}
	n, err := strconv.Atoi(cmp.Or(os.Getenv("LMBENCH_LARGE_ROWS"), "10000000"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	original := Layout{"prompt_tokens", "generation_tokens", "ttft", "generation_time", "user_id", "question_id", "launch_time", "finish_time"}
	for name, layout := range map[string]Layout{"original.csv": original, "conversation.csv": Conversation()} {
		if err := writeLarge(filepath.Join(folder, name), layout, n); err != nil {
			t.Fatal(err)
		}
	}
}

// writeLarge writes requests with the digits that clocks give them: the stamps of
// time.time() or Go's, and times that are the differences of stamps.
func writeLarge(path string, layout Layout, n int) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	to := bufio.NewWriterSize(file, 1<<20)
	out, err := NewWriter(to, layout)
	random := rand.New(rand.NewPCG(1, 2))
	for i := 0; i < n && err == nil; i++ {
		due := 1_700_000_000 + float64(i)/1000
		launch := due + float64(random.IntN(300_000))/1e9
		first := launch + 0.03 + random.ExpFloat64()/10
		finish := first + 2*random.Float64()
		row := Row{
			PromptTokens: tokens(float64(1000 + random.IntN(20_000))), GenerationTokens: tokens(100), TTFT: seconds(first - launch), GenerationTime: seconds(finish - first),
			UserID: i%1000 + 1, QuestionID: i/1000%20 + 1, LaunchTime: launch, FinishTime: finish,
			Timestamp: launch, RequestID: strconv.Itoa(i), Latency: seconds(finish - launch), CompletionTokens: tokens(100), TotalTokens: tokens(1100),
			ScheduledTime: due, ConnectTime: seconds(0), Attempts: 1, CachedTokens: tokens(float64(random.IntN(1000))),
			TokensFrom: FromUsage, FinishReason: "length", QuestionNumber: i/1000%20 + 1, SimulatedHistory: i/1000%20 == 0,
			Lateness: Lateness{Timer: float64(random.IntN(50_000)) / 1e9, Queue: float64(random.IntN(250_000)) / 1e9},
		}
		for range 10 {
			row.Gaps = append(row.Gaps, time.Duration(15_000+random.IntN(10_000))*time.Microsecond)
		}
		if random.IntN(1000) == 0 && len(layout) > 8 {
			row = Row{UserID: row.UserID, QuestionID: row.QuestionID, LaunchTime: launch, FinishTime: launch + 0.1, Timestamp: launch, ScheduledTime: due, Error: "HTTP 503"}
		}
		err = out.Write(row)
	}
	if err != nil {
		return err
	}
	return to.Flush()
}
