package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/LMCache/LMBench/tools/test/workloadtest"
)

// withTranscripts returns a workload with the demo's conversations that have more
// than so many rounds.
func withTranscripts(t *testing.T, rounds, answerLen int) *synthetic {
	t.Helper()
	s := &synthetic{rounds: rounds, answerLen: answerLen, shareGPT: true, shareGPTFile: "testdata/ShareGPT.json", systemLen: 1, historyLen: 2}
	if err := s.readTranscripts(); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTranscripts(t *testing.T) {
	s := withTranscripts(t, 4, 50)
	// Five of the demo's conversations have more than eight turns. The fourth of
	// them starts with an answer.
	if len(s.transcripts) != 5 {
		t.Fatalf("%d transcripts, want 5", len(s.transcripts))
	}
	const start = "User: Hi, here's some system prompt: hi.Here are some other context: user_"
	c := s.conversation(2, 0)
	first := c.NextRequest(1)
	if got, want := first.Prompt.String(), start+"2 hi.What is 17 * 23?\nAssistant: "; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if first.MaxTokens != 4 {
		t.Errorf("max_tokens %d, want 4, the length of the dataset's answer", first.MaxTokens)
	}
	c.OnResponse("Maybe 400?")
	const second = start + "2 hi.What is 17 * 23?\nAssistant: Maybe 400?\nUser: And divided by 7?\nAssistant: "
	if got := c.NextRequest(2).Prompt.String(); got != second {
		t.Errorf("got\n%s\nwant\n%s", got, second)
	}
	// An initial user has the dataset's answers in its history.
	const third = start + "2 hi.What is 17 * 23?\nAssistant: 391.\nUser: And divided by 7?\nAssistant: "
	if got := s.conversation(2, 1).NextRequest(2).Prompt.String(); got != third {
		t.Errorf("got\n%s\nwant\n%s", got, third)
	}
	// A conversation that starts with an answer is used from its first question on.
	if got := s.conversation(8, 0).NextRequest(1).Prompt.String(); !strings.Contains(got, "So why did my bread not rise?") || strings.Contains(got, "continued") {
		t.Errorf("got\n%s", got)
	}
	// There are fewer transcripts than users.
	if got := s.conversation(7, 0).NextRequest(1).Prompt.String(); !strings.Contains(got, "What is 17 * 23?") {
		t.Errorf("user 7 does not share user 2's transcript:\n%s", got)
	}
	if got := withTranscripts(t, 4, 2).conversation(2, 0).NextRequest(1).MaxTokens; got != 2 {
		t.Errorf("max_tokens %d, want ANSWER_LEN, 2", got)
	}
}

func TestUseShareGPT(t *testing.T) {
	args := append([]string{"--time", "20", "--sharegpt-file", "testdata/ShareGPT.json"}, append(positional("USE_SHAREGPT", "True"), "2")...)
	out := workloadtest.Harness{Workload: fresh(), Args: args}.Run(t)
	if out.Err != nil {
		t.Fatalf("%v\n%s", out.Err, out.Stderr)
	}
	if result := out.Read(t, out.Files(t, "4-latest-results/suite/*.json")[0]); !strings.Contains(result, `"USE_SHAREGPT": true`) {
		t.Errorf("result lacks USE_SHAREGPT:\n%s", result)
	}
}

// Records that are no conversations cost only themselves, and are counted.
func TestTranscriptsOfAFileWithBadRecords(t *testing.T) {
	file := filepath.Join(t.TempDir(), "ShareGPT.json")
	const good = `{"conversations": [{"from": "human", "value": "q"}, {"from": "gpt", "value": "a", "num_tokens": 3.0}, {"from": "human", "value": "q"}]}`
	for _, test := range []struct {
		why, content, fails string
	}{
		{"beside a conversation", "\ufeff[null, " + good + `, {"conversations": 7}]`, ""},
		{"nothing else", "[null, {}]", "left out 2 records that are no conversations, the first: record 1"},
	} {
		if err := os.WriteFile(file, []byte(test.content), 0o644); err != nil {
			t.Fatal(err)
		}
		s := &synthetic{rounds: 1, shareGPT: true, shareGPTFile: file}
		err := s.readTranscripts()
		if (err == nil) != (test.fails == "") || err != nil && !strings.Contains(err.Error(), test.fails) {
			t.Errorf("%s: error %v", test.why, err)
		}
		if !strings.Contains(s.leftOut, "left out 2 records") || err == nil && len(s.transcripts) != 1 {
			t.Errorf("%s: %d transcripts, %q", test.why, len(s.transcripts), s.leftOut)
		}
	}
}
