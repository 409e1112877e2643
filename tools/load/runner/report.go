package runner

import (
	"context"
	"os"
	"path/filepath"
	"time"
)

// reportTimeout bounds a report. One of ten million requests takes seconds.
const reportTimeout = 2 * time.Minute

// renderReport renders the suite's report again. A sweep never fails because of it,
// since the results are complete without it.
func (s *sweep) renderReport() {
	program := filepath.Join(s.root, "tools", "report", "report")
	if _, err := os.Stat(program); err != nil {
		s.console.Note("no report: %s is missing", program)
		return
	}
	ctx, cancel := context.WithTimeout(s.interrupt.late(), reportTimeout)
	defer cancel()
	err := s.env.Run(ctx, Program{
		Dir: s.root, Path: program, Args: []string{filepath.Join(resultsDir, s.common.Name)},
		Stdout: s.env.Stdout, Stderr: s.env.Stderr,
	})
	if err != nil {
		s.console.Note("no report: %v", err)
	}
}
