package dataset

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
)

// Custom are prompts of one's own.
type Custom struct {
	Path         string // JSONL: an object with a prompt a line
	OutputLen    int    // of all answers; -1: each line says its output_tokens
	SkipTemplate bool   // prompts are sent as they are, not as a chat
}

type customLine struct {
	Prompt       *string `json:"prompt"`
	OutputTokens *int    `json:"output_tokens"`
}

// Requests makes n, some more than once if the file has fewer.
func (c Custom) Requests(ctx context.Context, d *Draws, m *Model, n int) ([]Request, error) {
	if !strings.HasSuffix(c.Path, ".jsonl") {
		return nil, fmt.Errorf("%s: want a file whose name ends in .jsonl, with a line {\"prompt\": …} for each prompt", c.Path)
	}
	file, err := os.Open(c.Path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	lines, err := readCustom(file, c.Path, c.OutputLen < 0)
	if err != nil {
		return nil, err
	}
	d.reseed()
	d.Python.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
	var requests []Request
	for _, line := range lines[:min(n, len(lines))] {
		request, err := c.request(ctx, m, line)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.Path, err)
		}
		requests = append(requests, request)
	}
	return d.fill(requests, n), nil
}

func (c Custom) request(ctx context.Context, m *Model, line customLine) (r Request, err error) {
	r = Request{Prompt: *line.Prompt, OutputTokens: c.OutputLen}
	if c.OutputLen < 0 {
		r.OutputTokens = *line.OutputTokens
	}
	if !c.SkipTemplate {
		if r.Prompt, err = m.chat(r.Prompt); err != nil {
			return r, err
		}
	}
	r.PromptTokens, err = m.count(ctx, r.Prompt)
	return r, err
}

// readCustom reads all lines but empty ones.
func readCustom(in io.Reader, path string, needsLength bool) (lines []customLine, err error) {
	reader := bufio.NewReader(in)
	for number := 1; ; number++ {
		text, err := reader.ReadBytes('\n')
		if err != nil && err != io.EOF {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if len(strings.TrimSpace(string(text))) > 0 {
			var line customLine
			switch fault := json.Unmarshal(text, &line); {
			case fault != nil:
				return nil, fmt.Errorf("%s:%d: %w", path, number, fault)
			case line.Prompt == nil:
				return nil, fmt.Errorf("%s:%d: no prompt in it, want {\"prompt\": …}", path, number)
			case needsLength && (line.OutputTokens == nil || *line.OutputTokens < 1):
				return nil, fmt.Errorf("%s:%d: no output_tokens in it, which an output length of -1 takes from there", path, number)
			}
			lines = append(lines, line)
		}
		if err == io.EOF {
			break
		}
	}
	if len(lines) == 0 {
		return nil, fmt.Errorf("%s: it has no prompts", path)
	}
	return lines, nil
}
