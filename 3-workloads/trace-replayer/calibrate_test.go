package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/LMCache/LMBench/tools/data/chat"
	"github.com/LMCache/LMBench/tools/data/prompt"
)

// tokenizer counts one token per word, with exceptions, and adds an API's overhead.
type tokenizer struct {
	overhead int
	long     func(word string) int // tokens of a word; nil for one each
}

func (c tokenizer) count(text chat.Text) (int, error) {
	tokens := c.overhead
	for word := range strings.FieldsSeq(text.String()) {
		tokens++
		if c.long != nil {
			tokens += c.long(word) - 1
		}
	}
	return tokens, nil
}

func TestCalibrate(t *testing.T) {
	endsInS := func(word string) int {
		if strings.HasSuffix(word, "ings") || word == "zone" || word == "able" {
			return 3
		}
		return 1
	}
	tests := []struct {
		why              string
		tokenizer        tokenizer
		limit            int
		overhead, words  int
		perWord          float64
		maxQueries       int
		dropped, keepOut string
	}{
		{"no overhead, every word one token", tokenizer{}, 400, 0, 1024, 1, 4, "", ""},
		{"a token at the start, as for Llama", tokenizer{overhead: 1}, 400, 1, 1024, 1, 4, "", ""},
		{"a chat template", tokenizer{overhead: 37}, 400, 37, 1024, 1, 4, "", ""},
		{"words of several tokens are found and dropped", tokenizer{1, endsInS}, 400, 1, 1018, 1, 120, "zone", "able"},
		{"with few queries more words are dropped than necessary", tokenizer{1, endsInS}, 20, 1, 0, 1, 22, "zone", "able"},
		{"all words have several tokens", tokenizer{0, func(string) int { return 2 }}, 400, 0, 1024, 2, 402, "", ""},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			c := &counter{probe: probe{"test", test.limit, test.tokenizer.count}}
			got, err := c.calibrate(prompt.Vocabulary())
			if err != nil {
				t.Fatal(err)
			}
			if got.overhead != test.overhead || got.perWord != test.perWord || test.words > 0 && len(got.vocabulary) != test.words || len(got.vocabulary) < minVocabulary {
				t.Errorf("overhead %d, %d words of %v tokens", got.overhead, len(got.vocabulary), got.perWord)
			}
			if c.queries >= test.maxQueries {
				t.Errorf("%d queries, want fewer than %d", c.queries, test.maxQueries)
			}
			for _, word := range []string{test.dropped, test.keepOut} {
				if slices.Contains(got.vocabulary, word) {
					t.Errorf("%q is kept", word)
				}
			}
		})
	}
}

func TestCalibrateRejectsUselessCounts(t *testing.T) {
	tests := []struct {
		why   string
		count func(chat.Text) (int, error)
	}{
		{"counting fails", func(chat.Text) (int, error) { return 0, errors.New("unavailable") }},
		{"the same count for every text", func(chat.Text) (int, error) { return 10, nil }},
	}
	for _, test := range tests {
		if got, err := (&counter{probe: probe{"test", 400, test.count}}).calibrate(prompt.Vocabulary()); err == nil {
			t.Errorf("%s: %+v", test.why, got)
		}
	}
	uncalibrated := calibration{source: "none", failed: fmt.Errorf("no tokenizer")}
	if notes := uncalibrated.notes(); len(notes) != 1 || !strings.Contains(notes[0], "no tokenizer") {
		t.Errorf("notes %v", notes)
	}
}
