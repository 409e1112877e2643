// Command summarize turns the CSV of one measured point into its result JSON.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"time"
)

func main() {
	debug.SetGCPercent(30) // of a large CSV some bytes a row stay, and the text is garbage at once: 363 MB at ten million rows instead of 474
	ctx, _ := signal.NotifyContext(context.Background(), os.Interrupt)
	os.Exit(status(run(ctx, withAddress(os.Args, os.Getenv), os.Stdout, os.Stderr, time.Now()), os.Stderr))
}
