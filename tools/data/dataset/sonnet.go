package dataset

import (
	"context"
	"fmt"
	"math"
	"os"
	"strings"
)

// Sonnet are prompts of poem lines, the first ones the same in all.
type Sonnet struct {
	Path                           string // a text file of poem lines
	InputLen, OutputLen, PrefixLen int    // tokens
	Plain                          bool   // the prompt is sent without the chat template, which its length still counts
}

const sonnetTask = "Pick as many lines as you can from these poem lines:\n"

// Requests makes n.
func (s Sonnet) Requests(ctx context.Context, d *Draws, m *Model, n int) ([]Request, error) {
	text, err := os.ReadFile(s.Path)
	if err != nil {
		return nil, err
	}
	lines := strings.SplitAfter(string(text), "\n")
	if lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	if len(lines) == 0 {
		return nil, fmt.Errorf("%s: it has no lines", s.Path)
	}
	shared, own, err := s.lines(ctx, m, lines)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.Path, err)
	}
	prefix := sonnetTask + strings.Join(lines[:min(shared, len(lines))], "")
	var requests []Request
	for tries := 0; len(requests) < n; tries++ {
		if tries > 1000 && len(requests) == 0 {
			return nil, fmt.Errorf("%s: no choice of lines stays within %d tokens", s.Path, s.InputLen)
		}
		var drawn strings.Builder
		for _, i := range d.Python.Choices(len(lines), own) {
			drawn.WriteString(lines[i])
		}
		plain := prefix + drawn.String()
		formatted, err := m.chat(plain)
		if err != nil {
			return nil, err
		}
		promptTokens, err := m.count(ctx, formatted)
		if err != nil {
			return nil, err
		}
		if promptTokens > s.InputLen {
			continue
		}
		if s.Plain {
			formatted = plain
		}
		requests = append(requests, Request{formatted, promptTokens, s.OutputLen})
	}
	return requests, nil
}

// lines is how many lines all prompts share and how many each draws, by the
// average length of a line.
func (s Sonnet) lines(ctx context.Context, m *Model, lines []string) (shared, own int, err error) {
	total := 0
	for _, line := range lines {
		n, err := m.count(ctx, line)
		if err != nil {
			return 0, 0, err
		}
		total += n
	}
	average := float64(total) / float64(len(lines))
	empty, err := m.chat(sonnetTask)
	if err != nil {
		return 0, 0, err
	}
	base, err := m.count(ctx, empty)
	if err != nil {
		return 0, 0, err
	}
	if s.InputLen <= base {
		return 0, 0, fmt.Errorf("an input length of %d tokens leaves no room for lines: the task itself has %d", s.InputLen, base)
	}
	all := round(float64(s.InputLen-base) / average)
	shared = max(0, round(float64(s.PrefixLen-base)/average))
	return shared, max(0, all-shared), nil
}

// round is Python's.
func round(f float64) int { return int(math.RoundToEven(f)) }
