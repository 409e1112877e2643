package workload

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// drawing is how long a report may take; one of ten million requests takes seconds.
const drawing = 2 * time.Minute

// draw has the suite's report made anew. The results are whole without it, so that
// it never fails a sweep.
func (s *sweep) draw() {
	program := filepath.Join(s.world.Root, "tools", "report", "report")
	if _, err := os.Stat(program); err != nil {
		fmt.Fprintf(s.world.Stderr, "note: no report: %s is missing\n", program)
		return
	}
	ctx, cancel := context.WithTimeout(s.interrupt.late(), drawing)
	defer cancel()
	err := s.world.Exec(ctx, Command{
		Dir: s.world.Root, Path: program, Args: []string{filepath.Join(results, s.w.Common.Name)},
		Stdout: s.world.Stdout, Stderr: s.world.Stderr,
	})
	if err != nil {
		fmt.Fprintf(s.world.Stderr, "note: no report: %v\n", err)
	}
}
