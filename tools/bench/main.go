// Command bench measures the client itself: it drives a metronome in another
// process and compares what the client saw with what the metronome wrote.
package main

import (
	"context"
	"os"

	"github.com/LMCache/LMBench/tools/command"
)

func main() {
	os.Exit(command.Main("bench", func(ctx context.Context, args []string, s command.Streams) error {
		return run(ctx, args, process{s.In, s.Out, s.Err, spawn})
	}))
}
