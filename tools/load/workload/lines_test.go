package workload

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/LMCache/LMBench/tools/results/eventlog"
	"github.com/LMCache/LMBench/tools/results/metrics"
	"github.com/LMCache/LMBench/tools/results/record"
)

// answered is a request whose row has so many gaps, 6 bytes each.
func answered(gaps int) *eventlog.Request {
	second, tokens := 1.0, record.Tokens(gaps+1)
	row := record.Row{TTFT: &second, GenerationTime: &second, PromptTokens: &tokens, GenerationTokens: &tokens, LaunchTime: 1, FinishTime: 2}
	for range gaps {
		row.Gaps = append(row.Gaps, 20123*time.Microsecond)
	}
	return &eventlog.Request{Row: row}
}

// Whoever looks at the CSV while it is written, or after kill -9, finds whole rows.
func TestRowsAreWholeOnDisk(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.csv")
	f, err := create(t.Context(), &World{}, path, eventlog.Header{Layout: record.Conversation()})
	if err != nil {
		t.Fatal(err)
	}
	defer f.close()
	for i, gaps := range []int{10, 4000, 8000, 20000, 3} {
		if err := f.take(answered(gaps)); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if figures, err := metrics.Collect(record.Read(strings.NewReader(string(text)))); err != nil || !strings.HasSuffix(string(text), "\n") {
			t.Errorf("after row %d: %v, ends with %q, %d rows", i, err, text[len(text)-10:], figures.Sent)
		}
	}
	if err := f.flush(); err != nil {
		t.Fatal(err)
	}
	if figures, err := figuresOf(path); err != nil || figures.Sent != 5 {
		t.Errorf("%d rows, want 5: %v", figures.Sent, err)
	}
}

// full is a disk that has no room for some of the writes, and for half of another.
type full struct {
	strings.Builder
	writes int
}

func (f *full) Write(p []byte) (int, error) {
	switch f.writes++; f.writes {
	case 3, 4:
		return 0, errors.New("no space left on device")
	case 5:
		n, _ := f.Builder.Write(p[:len(p)/2])
		return n, io.ErrShortWrite
	}
	return f.Builder.Write(p)
}

func (f *full) Close() error { return nil }

func TestAFullDiskLosesNoRow(t *testing.T) {
	csv, root := new(full), t.TempDir()
	world := World{Create: func(path string) (io.WriteCloser, error) {
		if strings.HasSuffix(path, ".csv") {
			return csv, nil
		}
		return os.Create(path)
	}}
	f, err := create(t.Context(), &world, filepath.Join(root, "a.csv"), eventlog.Header{Layout: record.Conversation()})
	if err != nil {
		t.Fatal(err)
	}
	defer f.close()
	failed := 0
	for range 10 {
		if errors.Join(f.take(answered(3)), f.flush()) != nil {
			failed++
		}
	}
	figures, err := metrics.Collect(record.Read(strings.NewReader(csv.String())))
	if err != nil || figures.Sent != 10 || failed != 3 {
		t.Errorf("%d rows, want 10; %d writes failed, want 3: %v", figures.Sent, failed, err)
	}
}
