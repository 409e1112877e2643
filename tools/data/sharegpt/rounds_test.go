package sharegpt

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRounds(t *testing.T) {
	record := &Record{Turns: []Turn{
		{From: "system", Value: "Be kind. "}, {From: "human", Value: " Hi\x1f\n"}, {From: "bing", Value: "?"},
		{From: "Human", Value: "Again"}, {From: "GPT", Value: "Yes"}, {From: "human", Value: "So?"},
	}}
	if got := record.CountRounds(); got != 3 {
		t.Errorf("%d rounds, want 3: speakers are compared without case", got)
	}
	want := []Round{
		{"Be kind. \n Hi", 4},
		{"Be kind. \n Hi\x1f\n\n?\nAgain", 4},
		{"Be kind. \n Hi\x1f\n\n?\nAgain\nYes\nSo?", -1},
	}
	for i, want := range want {
		if diff := cmp.Diff(want, record.Round(i+1)); diff != "" {
			t.Errorf("round %d (-want +got)\n%s", i+1, diff)
		}
	}
}

func TestAlternates(t *testing.T) {
	for speakers, want := range map[string]bool{"": true, "human": true, "human gpt human": true, "human gpt gpt": false, "gpt GPT": true} {
		r := &Record{}
		for from := range strings.FieldsSeq(speakers) {
			r.Turns = append(r.Turns, Turn{From: from})
		}
		if got := r.Alternates(); got != want {
			t.Errorf("%q: %v, want %v", speakers, got, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(`[{"id": "a", "conversations": [{"from": "human", "value": "hi"}, {"from": "gpt", "value": "hello"}]}]`)
	f.Add(`[{"conversations": []}, null, {"conversations": null}]`)
	f.Add(`[{"conversations": [{"from": "human", "value": "\ud83d"}]}`)
	f.Add("\ufeff" + `[{"conversations": [{"role": "user", "content": "hi"}, {"from": "bing", "text": "hello"}]}, null, 7, {"messages": []}, {"conversations": "x"}]`)
	f.Fuzz(func(t *testing.T, file string) {
		failed := false
		for record, err := range Read(strings.NewReader(file), func(error) {}) {
			if failed {
				t.Fatal("Read yielded after an error")
			}
			if failed = err != nil; failed {
				continue
			}
			record.Alternates()
			for n := range record.CountRounds() {
				if round := record.Round(n + 1); round.Answer >= len(record.Turns) {
					t.Fatalf("round %d: answer is turn %d of %d", n+1, round.Answer, len(record.Turns))
				}
			}
		}
	})
}
