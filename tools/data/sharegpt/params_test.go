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

func prepare(t *testing.T, folder string, count Count) error {
	t.Helper()
	cut := Cut{Limit: 10, MinRounds: 2, StartRound: 2}
	_, err := Prepare(t.Context(), cut, strings.NewReader(conversation), count, folder, Params{Model: "m"}, func(Tally) {})
	return err
}

func TestParamsTellAStaleFile(t *testing.T) {
	folder := t.TempDir()
	if err := prepare(t, folder, words); err != nil {
		t.Fatal(err)
	}
	files := In(folder)
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
		t.Error("a run.json that somebody changed is taken for the one that was made")
	}
	if p, err := ReadParams(filepath.Join(folder, "other.json"), nil); p != nil || err != nil {
		t.Errorf("%v, %v; want neither without parameters", p, err)
	}
	items, err := ReadItems(bytes.NewReader(content))
	if err != nil || len(items) != 1 || items[0].Input != "a\nb\nc" || *items[0].OutputLength != 20 || *items[0].Conversation != 0 || items[0].Round != 2 {
		t.Errorf("%+v, %v", items, err)
	}
}

func TestACountThatFailsLeavesNothing(t *testing.T) {
	folder := t.TempDir()
	lost := errors.New("the engine is gone")
	cut := Cut{Limit: 1, MinRounds: 2, StartRound: 1}
	_, err := Prepare(t.Context(), cut, strings.NewReader(conversation), func(context.Context, string) (int, error) { return 0, lost }, folder, Params{}, func(Tally) {})
	if !errors.Is(err, lost) {
		t.Errorf("error %v, want %v", err, lost)
	}
	if left, _ := os.ReadDir(folder); len(left) > 0 {
		t.Errorf("left %v", left)
	}
}

func TestAnInterruptedCutEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := (&Cut{Limit: 1, MinRounds: 1}).Write(ctx, strings.NewReader(conversation), words, Sets{new(bytes.Buffer), new(bytes.Buffer), new(bytes.Buffer)}, func(Tally) {})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want that it was cancelled", err)
	}
}

// No answer is counted that is not asked for, and nothing is read beyond the
// last conversation that is.
func TestLittleIsCounted(t *testing.T) {
	var counted []string
	count := func(_ context.Context, text string) (int, error) {
		counted = append(counted, text)
		return 1, nil
	}
	talk := `{"conversations": [{"from": "human", "value": "q"}, {"from": "gpt", "value": "1"}, {"from": "human", "value": "q"}, {"from": "gpt", "value": "2"}, {"from": "human", "value": "q"}, {"from": "gpt", "value": "3"}]}`
	short := `{"conversations": [{"from": "human", "value": "q"}, {"from": "gpt", "value": "short"}]}`
	file := "[" + short + "," + talk + ", this is never read"
	tally, err := (&Cut{Limit: 2, MinRounds: 2, StartRound: 2}).Write(t.Context(), strings.NewReader(file), count, Sets{new(bytes.Buffer), new(bytes.Buffer), new(bytes.Buffer)}, func(Tally) {})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"1", "2"}, counted); diff != "" {
		t.Errorf("counted (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(Tally{Read: 2, Short: 1, Longest: 3, Conversations: 1, Requests: 1, WarmUps: 1}, tally); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
