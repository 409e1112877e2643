package dataset

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/LMCache/LMBench/tools/data/userfile"
)

// Custom reads prompts of the user's own from a JSONL file with an object
// {"prompt": …} in each line.
type Custom struct {
	OutputLen    int  // tokens of all answers; -1 takes output_tokens of each line
	SkipTemplate bool // send prompts as they are, without the chat template
}

// Info implements Dataset.
func (c *Custom) Info() Info {
	return Info{Name: "custom", Source: File, NeedsTemplate: !c.SkipTemplate}
}

// Options implements Dataset.
func (c *Custom) Options() []Option {
	return []Option{
		{Flag: "custom-output-len", Field: &c.OutputLen, Min: -1, Default: "256", Help: "custom: tokens of an answer; -1: output_tokens of each line"},
		{Flag: "custom-skip-chat-template", Field: &c.SkipTemplate, Default: "false", Help: "custom: send prompts as they are, without the chat template"},
	}
}

// Check implements Dataset.
func (c *Custom) Check(path string) error {
	var errs []error
	if c.OutputLen == 0 {
		errs = append(errs, errors.New("--custom-output-len: want a number of tokens, or -1 for output_tokens of each line"))
	}
	if path == "" {
		errs = append(errs, errors.New(`DATASET_PATH: custom needs a file whose name ends in .jsonl, with an object {"prompt": …} in each line`))
	}
	return errors.Join(errs...)
}

// customLine is a line of the file.
type customLine struct {
	Prompt       *string       `json:"prompt"`
	OutputTokens *userfile.Int `json:"output_tokens"`
}

// Requests implements Dataset.
func (c *Custom) Requests(ctx context.Context, in *Input, n int) ([]Request, error) {
	if !strings.HasSuffix(in.Path, ".jsonl") {
		return nil, fmt.Errorf("%s: want a file whose name ends in .jsonl, with an object {\"prompt\": …} in each line", in.Path)
	}
	file, err := os.Open(in.Path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	lines, err := readCustom(file, in.Path, c.OutputLen < 0)
	if err != nil {
		return nil, err
	}
	in.Draws.reseed()
	in.Draws.Python.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
	var requests []Request
	for _, line := range lines[:min(n, len(lines))] {
		request, err := c.request(ctx, in.Model, line)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", in.Path, err)
		}
		requests = append(requests, request)
	}
	return in.Draws.fill(requests, n), nil
}

func (c *Custom) request(ctx context.Context, m *Model, line customLine) (r Request, err error) {
	r = Request{Prompt: *line.Prompt, OutputTokens: c.OutputLen}
	if c.OutputLen < 0 {
		r.OutputTokens = int(*line.OutputTokens)
	}
	if !c.SkipTemplate {
		if r.Prompt, err = m.chat(r.Prompt); err != nil {
			return r, err
		}
	}
	r.PromptTokens, err = m.count(ctx, r.Prompt)
	return r, err
}

// readCustom reads all lines that are not blank.
func readCustom(in io.Reader, path string, needsLength bool) (lines []customLine, err error) {
	reader := bufio.NewReader(userfile.WithoutMark(in))
	for number := 1; ; number++ {
		text, err := reader.ReadBytes('\n')
		if err != nil && err != io.EOF {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if len(strings.TrimSpace(string(text))) > 0 {
			var line customLine
			switch err := json.Unmarshal(text, &line); {
			case err != nil:
				return nil, fmt.Errorf("%s:%d: %w", path, number, err)
			case line.Prompt == nil:
				return nil, fmt.Errorf("%s:%d: no prompt, want {\"prompt\": …}", path, number)
			case needsLength && (line.OutputTokens == nil || *line.OutputTokens < 1):
				return nil, fmt.Errorf("%s:%d: no output_tokens, which an output length of -1 needs", path, number)
			}
			lines = append(lines, line)
		}
		if err == io.EOF {
			break
		}
	}
	if len(lines) == 0 {
		return nil, fmt.Errorf("%s: no prompts", path)
	}
	return lines, nil
}
