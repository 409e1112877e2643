// Command bench measures the load generator itself. A reference engine in another
// process answers with known timing and logs when it wrote each chunk; bench compares
// the client's timestamps with that log, and reports the client's use of CPU and
// memory.
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
