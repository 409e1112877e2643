// Command summarize turns the CSV of one measured point into its result JSON.
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
