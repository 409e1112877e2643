package runner

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/LMCache/LMBench/tools/redact"
	"github.com/LMCache/LMBench/tools/results/runfile"
	"github.com/LMCache/LMBench/tools/results/verdict"
)

// summarizer returns the path of the program that writes results.
func (s *sweep) summarizer() string {
	return filepath.Join(s.root, "tools", "summarize", "summarize")
}

// summarize runs the summarizer on a CSV, with the run file of the rows, and returns
// the path of the result, relative to the root.
func (s *sweep) summarize(csv, rows string, pairs []string) (string, error) {
	var printed bytes.Buffer
	program := Program{
		Dir: s.root, Path: s.summarizer(), Args: append([]string{"--brief", "--run", runfile.Path(rows), csv}, public(pairs)...),
		Stdout: io.MultiWriter(s.env.Stdout, &printed), Stderr: s.env.Stderr,
	}
	if err := s.env.Run(s.interrupt.late(), program); err != nil {
		return "", fmt.Errorf("summarize: %w", err)
	}
	for line := range strings.Lines(printed.String()) {
		if _, path, found := strings.Cut(line, "saved to "); found {
			return strings.TrimPrefix(strings.TrimSpace(path), s.root+string(filepath.Separator)), nil
		}
	}
	return "", nil
}

// public returns the pairs as they may appear on a command line, which all users of
// the machine can read. The summarizer reads API_URL from the environment.
func public(pairs []string) []string {
	pairs = slices.Clone(pairs)
	for i, pair := range pairs {
		if strings.HasPrefix(pair, "API_URL=") {
			pairs[i] = redact.URLs(pair)
		}
	}
	return pairs
}

// readVerdict returns the verdict in a result.
func (s *sweep) readVerdict(path string) verdict.Verdict {
	var result struct {
		Results struct {
			Verdict verdict.Verdict
		}
	}
	text, err := os.ReadFile(s.path(path))
	if err == nil && path != "" {
		err = json.Unmarshal(text, &result)
	}
	if err != nil {
		fmt.Fprintf(s.env.Stderr, "cannot read the verdict of the result: %v\n", err)
	}
	return result.Results.Verdict
}
