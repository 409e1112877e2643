// Package command provides what all commands of this project share: an app of
// urfave/cli with help and version, usage errors, exit codes and signals.
//
// A command's main is one line around a function that a test can call:
//
//	func main() { os.Exit(command.Main("report", run)) }
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

// Streams are the standard streams of a command.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// A Func is a whole command. The arguments do not include the program's name.
type Func func(ctx context.Context, args []string, s Streams) error

// Main runs a command as this process and returns the exit code. SIGINT and SIGTERM
// end the context; the second one ends the process.
func Main(name string, run Func) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	err := run(ctx, os.Args[1:], Streams{os.Stdin, os.Stdout, os.Stderr})
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		err = errInterrupted
	}
	return Report(name, err, os.Stderr)
}

var errInterrupted = errors.New("interrupted")

// Report prints err, if any, with the command's name before each line, and returns the
// exit code: 0 for no error, 2 for a usage error, what WithCode says, or else 1.
func Report(name string, err error, stderr io.Writer) int {
	if err == nil {
		return 0
	}
	for line := range strings.Lines(err.Error()) {
		fmt.Fprintf(stderr, "%s: %s\n", name, strings.TrimSuffix(line, "\n"))
	}
	code := 1
	if _, usage := errors.AsType[*UsageError](err); usage {
		fmt.Fprintf(stderr, "run %s --help for usage\n", name)
		code = 2
	}
	if coded, found := errors.AsType[*codeError](err); found {
		code = coded.code
	}
	return code
}

// A UsageError is a mistake on the command line.
type UsageError struct{ Err error }

func (e *UsageError) Error() string { return e.Err.Error() }
func (e *UsageError) Unwrap() error { return e.Err }

// Usage returns err as a usage error, or nil if err is nil.
func Usage(err error) error {
	if err == nil {
		return nil
	}
	return &UsageError{err}
}

// Usagef returns a usage error with the text that fmt.Errorf makes.
func Usagef(format string, values ...any) error { return Usage(fmt.Errorf(format, values...)) }

// WithCode returns err as an error that ends the command with the given exit code.
func WithCode(code int, err error) error { return &codeError{err, code} }

type codeError struct {
	error
	code int
}

func (e *codeError) Unwrap() error { return e.error }

// NewReader returns a reader of r that fails once ctx has ended, so that a signal
// ends the reading of a large file.
func NewReader(ctx context.Context, r io.Reader) io.Reader { return &reader{ctx, r} }

type reader struct {
	ctx context.Context
	io.Reader
}

func (r *reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(p)
}
