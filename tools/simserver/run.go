package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"time"

	"github.com/LMCache/LMBench/tools/command"
)

// grace is the time that requests in flight get after a signal.
const grace = 3 * time.Second

// run is the whole command. It serves until the context ends.
func run(ctx context.Context, args []string, s command.Streams) error {
	app := newApp(func(o *options, engine http.Handler) error { return serve(ctx, engine, o, s) })
	return command.Run(ctx, app, help, args, s)
}

// serve answers requests at the address of the options.
func serve(ctx context.Context, engine http.Handler, o *options, s command.Streams) error {
	if err := removeURL(o.urlFile); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", o.listen)
	if err != nil {
		return fmt.Errorf("--listen: %w", err)
	}
	server := &http.Server{
		Handler:           engine,
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          log.New(s.Err, "simserver: ", 0),
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()

	url := urlOf(listener.Addr())
	fmt.Fprintf(s.Out, "serving at %s\n", url)
	if err := writeURL(o.urlFile, url); err != nil {
		return errors.Join(err, server.Close())
	}
	select {
	case err := <-served:
		return errors.Join(err, removeURL(o.urlFile))
	case <-ctx.Done():
	}
	return errors.Join(shutdown(server), removeURL(o.urlFile))
}

// shutdown waits for requests in flight, and closes the connections of those that take
// too long.
func shutdown(server *http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	err := server.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		return server.Close()
	}
	return err
}
