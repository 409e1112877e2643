package dataset

import (
	"context"
	"fmt"
	"math"
	"os"
	"strings"
)

// Sonnet makes prompts of lines of poems, a text file. The first lines are the same in
// all prompts.
type Sonnet struct {
	InputLen, OutputLen, PrefixLen int // tokens
}

// Info implements Dataset.
func (s *Sonnet) Info() Info {
	return Info{Name: "sonnet", Source: File, Bundled: "sonnet.txt", NeedsTemplate: true,
		Public: "https://raw.githubusercontent.com/vllm-project/vllm/main/benchmarks/sonnet.txt"}
}

// Options implements Dataset.
func (s *Sonnet) Options() []Option {
	return []Option{
		{Flag: "sonnet-input-len", Field: &s.InputLen, Min: 1, Default: "550", Help: "sonnet: maximum tokens of a prompt"},
		{Flag: "sonnet-output-len", Field: &s.OutputLen, Min: 1, Default: "150", Help: "sonnet: tokens of an answer"},
		{Flag: "sonnet-prefix-len", Field: &s.PrefixLen, Default: "200", Help: "sonnet: tokens that all prompts share"},
	}
}

// Check implements Dataset.
func (s *Sonnet) Check(string) error { return nil }

const sonnetTask = "Pick as many lines as you can from these poem lines:\n"

// Requests implements Dataset. For a chat API the prompt comes without the chat template,
// but its length still includes it.
func (s *Sonnet) Requests(ctx context.Context, in *Input, n int) ([]Request, error) {
	lines, err := readLines(in.Path)
	if err != nil {
		return nil, err
	}
	shared, drawn, err := s.lineCounts(ctx, in.Model, lines)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", in.Path, err)
	}
	prefix := sonnetTask + strings.Join(lines[:min(shared, len(lines))], "")
	var requests []Request
	for tries := 0; len(requests) < n; tries++ {
		if tries > 1000 && len(requests) == 0 {
			return nil, fmt.Errorf("%s: no choice of lines stays within %d tokens", in.Path, s.InputLen)
		}
		var text strings.Builder
		text.WriteString(prefix)
		for _, i := range in.Draws.Python.Choices(len(lines), drawn) {
			text.WriteString(lines[i])
		}
		plain := text.String()
		formatted, err := in.Model.chat(plain)
		if err != nil {
			return nil, err
		}
		promptTokens, err := in.Model.count(ctx, formatted)
		if err != nil {
			return nil, err
		}
		if promptTokens > s.InputLen {
			continue
		}
		if in.Chat {
			formatted = plain
		}
		requests = append(requests, Request{formatted, promptTokens, s.OutputLen})
	}
	return requests, nil
}

// readLines returns the lines of a file with their line breaks.
func readLines(path string) ([]string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	lines := strings.SplitAfter(string(text), "\n")
	if lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	if len(lines) == 0 {
		return nil, fmt.Errorf("%s: no lines", path)
	}
	return lines, nil
}

// lineCounts returns how many lines all prompts share and how many each prompt draws,
// estimated from the average length of a line.
func (s *Sonnet) lineCounts(ctx context.Context, m *Model, lines []string) (shared, drawn int, err error) {
	total := 0
	for _, line := range lines {
		n, err := m.count(ctx, line)
		if err != nil {
			return 0, 0, err
		}
		total += n
	}
	average := float64(total) / float64(len(lines))
	task, err := m.chat(sonnetTask)
	if err != nil {
		return 0, 0, err
	}
	base, err := m.count(ctx, task)
	if err != nil {
		return 0, 0, err
	}
	if s.InputLen <= base {
		return 0, 0, fmt.Errorf("an input length of %d tokens leaves no room for lines: the task alone has %d", s.InputLen, base)
	}
	all := round(float64(s.InputLen-base) / average)
	shared = max(0, round(float64(s.PrefixLen-base)/average))
	return shared, max(0, all-shared), nil
}

// round rounds as Python does.
func round(f float64) int { return int(math.RoundToEven(f)) }
