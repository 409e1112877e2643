// Command report draws a suite's results: one page that opens from disk, and the
// same figures as PNG.
package main

import (
	"context"
	"os"
	"time"

	"github.com/LMCache/LMBench/tools/command"
)

func main() {
	os.Exit(command.Main("report", func(ctx context.Context, args []string, s command.Streams) error {
		return run(ctx, args, s, time.Now())
	}))
}
