package sharegpt

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const conversation = `[{"conversations": [{"from": "human", "value": "a"}, {"from": "gpt", "value": "b"}, {"from": "human", "value": "c"}]}]`

func words(_ context.Context, text string) (int, error) { return len(strings.Fields(text)), nil }

func prepare(t *testing.T, folder string, count CountTokens) error {
	t.Helper()
	selection := Selection{Limit: 10, MinRounds: 2, StartRound: 2}
	_, err := Prepare(t.Context(), selection, strings.NewReader(conversation), count, folder, Params{Model: "m"}, func(Stats) {})
	return err
}

func TestParamsDetectAStaleFile(t *testing.T) {
	folder := t.TempDir()
	if err := prepare(t, folder, words); err != nil {
		t.Fatal(err)
	}
	files := FilesIn(folder)
	content, err := os.ReadFile(files.Run)
	if err != nil {
		t.Fatal(err)
	}
	p, err := ReadParams(files.Run, content)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string(nil), p.Differences(10, 2, 2, "m")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	want := []string{"LIMIT 10, not 5", "START_ROUND 2, not 1", "the tokenizer of m, not other"}
	if diff := cmp.Diff(want, p.Differences(5, 2, 1, "other")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if _, err := ReadParams(files.Run, bytes.ToUpper(content)); err == nil {
		t.Error("ReadParams accepts a modified run.json")
	}
	if p, err := ReadParams(filepath.Join(folder, "other.json"), nil); p != nil || err != nil {
		t.Errorf("file without parameters: %v, %v, want neither", p, err)
	}
	requests, err := ReadRequests(bytes.NewReader(content))
	if err != nil || len(requests) != 1 || requests[0].Input != "a\nb\nc" || *requests[0].OutputLength != 20 || *requests[0].Conversation != 0 || requests[0].Round != 2 {
		t.Errorf("%+v, %v", requests, err)
	}
}

func TestFailedCountLeavesNoFile(t *testing.T) {
	folder := t.TempDir()
	failed := errors.New("connection refused")
	selection := Selection{Limit: 1, MinRounds: 2, StartRound: 1}
	_, err := Prepare(t.Context(), selection, strings.NewReader(conversation), func(context.Context, string) (int, error) { return 0, failed }, folder, Params{}, func(Stats) {})
	if !errors.Is(err, failed) {
		t.Errorf("error %v, want %v", err, failed)
	}
	if left, _ := os.ReadDir(folder); len(left) > 0 {
		t.Errorf("left %v", left)
	}
}

func TestWriteEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := (&Selection{Limit: 1, MinRounds: 1}).Write(ctx, strings.NewReader(conversation), words, Outputs{new(bytes.Buffer), new(bytes.Buffer), new(bytes.Buffer)}, func(Stats) {})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
}

// Write counts only the answers that requests need and reads no further than the
// last selected conversation.
func TestWriteReadsAndCountsNoMoreThanNeeded(t *testing.T) {
	var counted []string
	count := func(_ context.Context, text string) (int, error) {
		counted = append(counted, text)
		return 1, nil
	}
	long := `{"conversations": [{"from": "human", "value": "q"}, {"from": "gpt", "value": "1"}, {"from": "human", "value": "q"}, {"from": "gpt", "value": "2"}, {"from": "human", "value": "q"}, {"from": "gpt", "value": "3"}]}`
	short := `{"conversations": [{"from": "human", "value": "q"}, {"from": "gpt", "value": "short"}]}`
	file := "[" + short + "," + long + ", this is never read"
	stats, err := (&Selection{Limit: 2, MinRounds: 2, StartRound: 2}).Write(t.Context(), strings.NewReader(file), count, Outputs{new(bytes.Buffer), new(bytes.Buffer), new(bytes.Buffer)}, func(Stats) {})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"1", "2"}, counted); diff != "" {
		t.Errorf("counted (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(Stats{Read: 2, Short: 1, Longest: 3, Conversations: 1, Requests: 1, WarmUps: 1}, stats); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
