package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// dialogue returns a record of three rounds whose turns have these keys and speakers.
func dialogue(list, from, value, person, model string) string {
	turn := func(speaker, text string) string {
		return `{"` + from + `": "` + speaker + `", "` + value + `": "` + text + `"}`
	}
	var turns []string
	for range 3 {
		turns = append(turns, turn(person, "question"), turn(model, "answer"))
	}
	return `{"id": "x", "` + list + `": [` + strings.Join(turns, ", ") + `]}`
}

// Files that are not written as the public one is, but hold conversations.
func TestFilesOfOtherDataSets(t *testing.T) {
	shareGPT := dialogue("conversations", "from", "value", "human", "gpt")
	assistant := dialogue("conversations", "from", "value", "user", "assistant")
	tests := []struct {
		why, file string
		requests  int
		output    []string
	}{
		{"ShareGPT", `[` + shareGPT + `]`, 3, nil},
		{"a byte order mark", "\ufeff[" + shareGPT + `]`, 3, nil},
		{"user and assistant", `[` + assistant + `,` + assistant + `]`, 6, []string{"user is read as human"}},
		{"other names of models, in any case", `[` + dialogue("conversations", "from", "value", "User", "ChatGPT") + `,` + dialogue("conversations", "from", "value", "human", "bard") + `]`, 3, nil},
		{"OpenAI's messages", `[` + dialogue("messages", "role", "content", "user", "assistant") + `]`, 3, nil},
		{"role and text", `[` + dialogue("conversation", "role", "text", "human", "model") + `]`, 3, nil},
		{"other speakers are not counted while there are conversations of human and gpt", `[` + assistant + `,` + shareGPT + `]`, 3, nil},
		{"entries that are no conversations", `[null, 7, "x", [], {}, {"conversations": null}, {"conversations": {}}, {"conversations": [null]}, {"conversations": [5]},
			{"conversations": [{"from": "human", "value": null}]}, {"conversations": [{"from": 1, "value": "a"}]},
			{"conversations": [{"from": "human", "value": "a", "num_tokens": 1.5}]}, ` + shareGPT + `]`,
			3, []string{"left out 12 records that are no conversations, the first: record 1: no member conversations"}},
		{"bad entries do not count for --limit", `[null, {}, 1, ` + shareGPT + `]`, 3, []string{"left out 3 records"}},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			input := filepath.Join(t.TempDir(), "sharegpt.json")
			if err := os.WriteFile(input, []byte(test.file), 0o644); err != nil {
				t.Fatal(err)
			}
			o := execute(t, nil, "-l", "2", "-m", "3", "-s", "1", "--model-url", "m", "--tokenizer", tokenizerFile, "--input", input)
			if o.err != nil {
				t.Fatal(o.err)
			}
			var requests []any
			if err := json.Unmarshal([]byte(o.read(t, "run.json")), &requests); err != nil || len(requests) != test.requests {
				t.Errorf("%d requests, %v, want %d", len(requests), err, test.requests)
			}
			for _, want := range test.output {
				if !strings.Contains(o.stdout+o.stderr, want) {
					t.Errorf("output %q lacks %q", o.stdout+o.stderr, want)
				}
			}
		})
	}
}

func TestUnknownSpeakersAreNamed(t *testing.T) {
	input := filepath.Join(t.TempDir(), "sharegpt.json")
	if err := os.WriteFile(input, []byte(`[`+dialogue("conversations", "from", "value", "alice", "bob")+`, null]`), 0o644); err != nil {
		t.Fatal(err)
	}
	o := execute(t, nil, "-m", "3", "-s", "1", "--model-url", "m", "--tokenizer", tokenizerFile, "--input", input)
	if o.err == nil || !strings.Contains(o.err.Error(), `speakers met: "alice", "bob"; 1 records left out, the first: record 2`) {
		t.Errorf("error %v, want one that names the speakers", o.err)
	}
}
