package main

import (
	"strings"
	"testing"

	"github.com/LMCache/LMBench/tools/test/workloadtest"
)

// of are users whose talks are the demo's with more than so many rounds.
func of(t *testing.T, rounds, answerLen int) *synthetic {
	t.Helper()
	s := &synthetic{rounds: rounds, answerLen: answerLen, shareGPT: true, shareGPTFile: "testdata/ShareGPT.json", systemLen: 1, historyLen: 2}
	if err := s.readTalks(); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTalks(t *testing.T) {
	s := of(t, 4, 50)
	// Five of the demo's conversations have more than eight turns; the fourth of
	// them begins with an answer.
	if len(s.talks) != 5 {
		t.Fatalf("%d talks", len(s.talks))
	}
	const start = "User: Hi, here's some system prompt: hi.Here are some other context: user_"
	c := s.converse(2, 0)
	first := c.NextRequest(1)
	if got, want := first.Prompt.String(), start+"2 hi.What is 17 * 23?\nAssistant: "; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if first.MaxTokens != 4 {
		t.Errorf("asks for %d tokens, want 4, as the dataset's answer has", first.MaxTokens)
	}
	c.OnResponse("Maybe 400?")
	const second = start + "2 hi.What is 17 * 23?\nAssistant: Maybe 400?\nUser: And divided by 7?\nAssistant: "
	if got := c.NextRequest(2).Prompt.String(); got != second {
		t.Errorf("got\n%s\nwant\n%s", got, second)
	}
	// A user of the start has the dataset's answers.
	const third = start + "2 hi.What is 17 * 23?\nAssistant: 391.\nUser: And divided by 7?\nAssistant: "
	if got := s.converse(2, 1).NextRequest(2).Prompt.String(); got != third {
		t.Errorf("got\n%s\nwant\n%s", got, third)
	}
	// A conversation that begins with an answer is taken from its first question.
	if got := s.converse(8, 0).NextRequest(1).Prompt.String(); !strings.Contains(got, "So why did my bread not rise?") || strings.Contains(got, "continued") {
		t.Errorf("got\n%s", got)
	}
	// There are fewer talks than users.
	if got := s.converse(7, 0).NextRequest(1).Prompt.String(); !strings.Contains(got, "What is 17 * 23?") {
		t.Errorf("user 7 does not share user 2's talk:\n%s", got)
	}
	if got := of(t, 4, 2).converse(2, 0).NextRequest(1).MaxTokens; got != 2 {
		t.Errorf("asks for %d tokens, want ANSWER_LEN at most", got)
	}
}

func TestUseShareGPT(t *testing.T) {
	args := append([]string{"--time", "20", "--sharegpt-file", "testdata/ShareGPT.json"}, append(positional("USE_SHAREGPT", "True"), "2")...)
	out := workloadtest.Harness{Workload: fresh(), Args: args}.Run(t)
	if out.Err != nil {
		t.Fatalf("%v\n%s", out.Err, out.Stderr)
	}
	if result := out.Read(t, out.Files(t, "4-latest-results/suite/*.json")[0]); !strings.Contains(result, `"USE_SHAREGPT": true`) {
		t.Errorf("the result does not say what was measured:\n%s", result)
	}
}
