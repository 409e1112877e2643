// Command bench measures the client itself: it drives a metronome in another
// process and compares what the client saw with what the metronome wrote.
package main

import (
	"context"
	"os"
	"os/signal"
)

func main() {
	ctx, _ := signal.NotifyContext(context.Background(), os.Interrupt)
	os.Exit(report(run(ctx, os.Args[1:], process{os.Stdin, os.Stdout, os.Stderr, spawn}), os.Stderr))
}
