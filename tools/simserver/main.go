// Command simserver serves a simulated engine, so that load generators and
// other clients of OpenAI's API can be tried without a GPU.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	// The second signal ends the process as if it had not been caught.
	context.AfterFunc(ctx, stop)
	os.Exit(report(run(ctx, os.Args[1:], os.Stdout, os.Stderr), os.Stderr))
}
