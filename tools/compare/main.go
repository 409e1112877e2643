// Command compare tells whether one measurement is better than another: two suites,
// sessions or baselines, point by point, with intervals.
package main

import (
	"context"
	"os"
	"os/signal"
)

func main() {
	ctx, _ := signal.NotifyContext(context.Background(), os.Interrupt)
	os.Exit(status(run(ctx, os.Args, os.Stdout, os.Stderr), os.Stderr))
}
