// Command report draws a suite's results: one page that opens from disk, and the
// same figures as PNG.
package main

import (
	"context"
	"os"
	"os/signal"
	"time"
)

func main() {
	ctx, _ := signal.NotifyContext(context.Background(), os.Interrupt)
	os.Exit(status(run(ctx, os.Args, os.Stdout, os.Stderr, time.Now()), os.Stderr))
}
