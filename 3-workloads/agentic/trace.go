package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
)

// trace is what one user asks, in order: all agents in turn, round after round.
type trace []request

type request struct {
	input     string
	maxTokens int
}

// openTraces reads the traces of a file.
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
// where the number is the agent's. Lines that are no JSON are skipped, and
// named. A line that lacks a request of its rounds is an error.
func readTraces(file io.Reader, path string, agents int) (traces []trace, skipped []string, err error) {
	lines := bufio.NewReader(file)
	for n := 1; ; n++ {
		line, end := lines.ReadString('\n')
		if strings.TrimSpace(line) != "" {
			var rounds map[string]map[string]any
			if broken := json.Unmarshal([]byte(line), &rounds); broken != nil {
				skipped = append(skipped, fmt.Sprintf("--trace-file: %s:%d skipped: %v", path, n, broken))
			} else if t, err := order(rounds, agents); err != nil {
				return nil, nil, fmt.Errorf("--trace-file: %s:%d: %w", path, n, err)
			} else {
				traces = append(traces, t)
			}
		}
		if end == io.EOF {
			break
		}
		if end != nil {
			return nil, nil, fmt.Errorf("--trace-file: %w", end)
		}
	}
	if len(traces) == 0 {
		return nil, nil, fmt.Errorf("--trace-file: %s: no user in it", path)
	}
	return traces, skipped, nil
}

// order puts a user's requests in the order of their asking.
func order(rounds map[string]map[string]any, agents int) (trace, error) {
	var t trace
	for round := 1; round <= len(rounds); round++ {
		name := fmt.Sprintf("round%d", round)
		for agent := range agents {
			input, isText := rounds[name][fmt.Sprintf("%d_input", agent)].(string)
			tokens, isNumber := rounds[name][fmt.Sprintf("%d_max_tokens", agent)].(float64)
			if !isText || !isNumber || tokens < 1 || tokens != float64(int(tokens)) {
				return nil, fmt.Errorf("%s lacks %d_input, a text, or %d_max_tokens, a whole number of at least 1", name, agent, agent)
			}
			t = append(t, request{input, int(tokens)})
		}
	}
	if t == nil {
		return nil, fmt.Errorf("no round1")
	}
	return t, nil
}
