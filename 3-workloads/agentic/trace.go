package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/LMCache/LMBench/tools/data/userfile"
)

// A trace holds the requests of one user in order: round by round, one request for
// each agent.
type trace []request

type request struct {
	input     string
	maxTokens int
}

// openTraces reads a trace file. It also returns notes about lines that it skipped.
func openTraces(path string, agents int) (traces []trace, skipped []string, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, nil, fmt.Errorf("--trace-file: %w", err)
	}
	defer file.Close()
	return readTraces(file, path, agents)
}

// readTraces reads JSONL with one user per line:
//
//	{"round1": {"0_input": "…", "0_max_tokens": 9, "1_input": …}, "round2": …}
//
// where the number is the agent's. Lines that are not valid JSON are skipped, with a
// note. A line without a request for each agent in each round is an error.
func readTraces(file io.Reader, path string, agents int) (traces []trace, skipped []string, err error) {
	lines := bufio.NewReader(userfile.WithoutMark(file))
	for n := 1; ; n++ {
		line, readErr := lines.ReadString('\n')
		if strings.TrimSpace(line) != "" {
			var rounds map[string]map[string]any
			if invalid := json.Unmarshal([]byte(line), &rounds); invalid != nil {
				skipped = append(skipped, fmt.Sprintf("--trace-file: %s:%d skipped: %v", path, n, invalid))
			} else if t, err := newTrace(rounds, agents); err != nil {
				return nil, nil, fmt.Errorf("--trace-file: %s:%d: %w", path, n, err)
			} else {
				traces = append(traces, t)
			}
		}
		if readErr == io.EOF {
			break
		}
		if readErr != nil {
			return nil, nil, fmt.Errorf("--trace-file: %w", readErr)
		}
	}
	if len(traces) == 0 {
		return nil, nil, fmt.Errorf("--trace-file: %s has no valid line", path)
	}
	return traces, skipped, nil
}

// newTrace returns the requests of one user in the order in which they are sent.
func newTrace(rounds map[string]map[string]any, agents int) (trace, error) {
	var t trace
	for round := 1; round <= len(rounds); round++ {
		name := fmt.Sprintf("round%d", round)
		for agent := range agents {
			input, isText := rounds[name][fmt.Sprintf("%d_input", agent)].(string)
			tokens, isNumber := rounds[name][fmt.Sprintf("%d_max_tokens", agent)].(float64)
			if !isText || !isNumber || tokens < 1 || tokens != float64(int(tokens)) {
				return nil, fmt.Errorf("%s lacks %d_input (a string) or %d_max_tokens (a whole number of at least 1)", name, agent, agent)
			}
			t = append(t, request{input, int(tokens)})
		}
	}
	if t == nil {
		return nil, fmt.Errorf("round1 is missing")
	}
	return t, nil
}
