// Command summarize turns the CSV of one measured point into its result JSON.
package main

import (
	"context"
	"os"
	"runtime/debug"
	"time"

	"github.com/LMCache/LMBench/tools/command"
)

func main() {
	debug.SetGCPercent(30) // a large CSV leaves a few bytes per row, its text is garbage at once: 363 MB at ten million rows instead of 474
	os.Exit(command.Main("summarize", func(ctx context.Context, args []string, s command.Streams) error {
		return run(ctx, withAddress(args, os.Getenv), s, time.Now())
	}))
}
