package output

import (
	"context"
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

// answered returns a request whose row has some gaps, 6 bytes each.
func answered(gaps int) *eventlog.Request {
	second, tokens := 1.0, record.Tokens(gaps+1)
	row := record.Row{TTFT: &second, GenerationTime: &second, PromptTokens: &tokens, GenerationTokens: &tokens, LaunchTime: 1, FinishTime: 2}
	for range gaps {
		row.Gaps = append(row.Gaps, 20123*time.Microsecond)
	}
	return &eventlog.Request{Row: row}
}

// A CSV has complete rows only, also while it is written and after kill -9.
func TestRowsAreCompleteOnDisk(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.csv")
	f, err := Create(t.Context(), Open(), path, eventlog.Header{Layout: record.Conversation()})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for i, gaps := range []int{10, 4000, 8000, 20000, 3} {
		if err := f.write(answered(gaps)); err != nil {
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
	if figures, err := ReadFigures(path); err != nil || figures.Sent != 5 {
		t.Errorf("%d rows, want 5: %v", figures.Sent, err)
	}
}

// full is a disk that rejects some writes and accepts half of another.
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

func TestAFullDiskLosesNoRows(t *testing.T) {
	csv, root := new(full), t.TempDir()
	open := func(_ context.Context, path string) (io.WriteCloser, error) {
		if strings.HasSuffix(path, ".csv") {
			return csv, nil
		}
		return os.Create(path)
	}
	f, err := Create(t.Context(), open, filepath.Join(root, "a.csv"), eventlog.Header{Layout: record.Conversation()})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	failed := 0
	for range 10 {
		if errors.Join(f.write(answered(3)), f.flush()) != nil {
			failed++
		}
	}
	figures, err := metrics.Collect(record.Read(strings.NewReader(csv.String())))
	if err != nil || figures.Sent != 10 || failed != 3 {
		t.Errorf("%d rows, want 10; %d writes failed, want 3: %v", figures.Sent, failed, err)
	}
}
