package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"time"

	"github.com/LMCache/LMBench/tools/engine/simengine"
)

// grace is how long requests in flight may go on after a signal.
const grace = 3 * time.Second

// run serves until the context ends.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	options, err := parse(args, stdout)
	if err != nil || options == nil {
		return err
	}
	engine, err := simengine.New(options.engine)
	if err != nil {
		return usageError{err}
	}
	return serve(ctx, engine, options, stdout, stderr)
}

// serve answers requests at the address of the options.
func serve(ctx context.Context, engine http.Handler, options *options, stdout, stderr io.Writer) error {
	if err := removeURL(options.urlFile); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", options.listen)
	if err != nil {
		return fmt.Errorf("--listen: %w", err)
	}
	server := &http.Server{
		Handler:           engine,
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          log.New(stderr, "simserver: ", 0),
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()

	url := urlOf(listener.Addr())
	fmt.Fprintf(stdout, "serving at %s\n", url)
	if err := writeURL(options.urlFile, url); err != nil {
		return errors.Join(err, server.Close())
	}
	select {
	case err := <-served:
		return errors.Join(err, removeURL(options.urlFile))
	case <-ctx.Done():
	}
	return errors.Join(shutdown(server), removeURL(options.urlFile))
}

// shutdown lets requests in flight end, those which take too long are cut.
func shutdown(server *http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	err := server.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		return server.Close()
	}
	return err
}

// usageError is a mistake in the command line.
type usageError struct{ error }

func (u usageError) Unwrap() error { return u.error }

// report tells what went wrong, a line for each mistake, and returns the exit
// code: 0 for success, 2 for a mistake in the command line, else 1.
func report(err error, stderr io.Writer) int {
	if err == nil {
		return 0
	}
	fmt.Fprintln(stderr, err)
	if _, usage := errors.AsType[usageError](err); usage {
		fmt.Fprintln(stderr, "run simserver --help for all flags")
		return 2
	}
	return 1
}
