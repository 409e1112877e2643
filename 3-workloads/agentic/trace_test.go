package main

import (
	"strings"
	"testing"
)

// For any file, each trace has the same number of requests for every agent, each for
// at least one token, and each other line has a note.
func FuzzReadTraces(f *testing.F) {
	for _, seed := range []string{
		`{"round1": {"0_input": "a", "0_max_tokens": 9, "1_input": "b", "1_max_tokens": 1}}`,
		`{"round1": {"0_input": "a", "0_max_tokens": 9}}`,
		"{\"round1\": {}}\n\n{\"round2\": {}}",
		`{"round1": {"0_input": "a", "0_max_tokens": 1e300, "1_input": null, "1_max_tokens": -1}}`,
		"no JSON\n{}\n[1]",
		`{"round1": {"0_input": "a", "0_max_tokens": 1.5, "1_input": "b", "1_max_tokens": 1}}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		const agents = 2
		traces, skipped, err := readTraces(strings.NewReader(text), "file", agents)
		if err != nil {
			if traces != nil || !strings.Contains(err.Error(), "--trace-file: file:") {
				t.Errorf("%d traces and error %v, want none and an error that names the file", len(traces), err)
			}
			return
		}
		lines := 0
		for line := range strings.SplitSeq(text, "\n") {
			if strings.TrimSpace(line) != "" {
				lines++
			}
		}
		if len(traces)+len(skipped) != lines {
			t.Errorf("%d traces and %d notes for %d lines", len(traces), len(skipped), lines)
		}
		for _, trace := range traces {
			if len(trace) == 0 || len(trace)%agents != 0 {
				t.Errorf("a trace of %d requests for %d agents", len(trace), agents)
			}
			for _, r := range trace {
				if r.maxTokens < 1 {
					t.Errorf("a request for %d tokens, want at least 1", r.maxTokens)
				}
			}
		}
	})
}
