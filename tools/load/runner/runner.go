// Package runner runs a workload's command: a sweep over points, or a single run.
package runner

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/LMCache/LMBench/tools/load/console"
	"github.com/LMCache/LMBench/tools/load/params"
	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/results/verdict"
)

// A session is one run of a command.
type session struct {
	workload  workload.Workload
	common    *workload.Common
	env       Env
	args      *params.Arguments
	console   *console.Console
	interrupt *interrupt
	remaining remaining
}

// Run runs a workload's command. Its error is complete as the user reads it;
// ExitCode returns the exit status for it.
func Run(ctx context.Context, w workload.Workload, env Env) error {
	args, err := w.CommandLine().Parse(env.Args, env.Getenv, env.Stdout)
	if err != nil || args == nil {
		return err
	}
	if w.ResultName != nil {
		w.Name = w.ResultName()
	}
	s := &session{workload: w, common: w.Common, env: env, args: args}
	if s.common.ProcessSummary != "" {
		return s.printSummary(s.common.ProcessSummary)
	}
	s.console = console.New(console.Options{
		Workload: w.Name, Stderr: env.Stderr, Terminal: env.Terminal, Getenv: env.Getenv,
		LogInterval: s.common.LogInterval, Quiet: s.common.Quiet, Page: s.common.Listen != "",
	})
	s.env.Stderr = s.console.Log
	if err := s.servePage(); err != nil {
		return err
	}
	defer s.console.Close()
	s.interrupt = watchSignals(ctx, env.Signals, s.console)
	defer s.interrupt.end()
	switch {
	case s.common.Fingerprint:
		return s.printFingerprints()
	case args.Sweep:
		root, err := env.Root()
		if err != nil {
			return fmt.Errorf("a sweep writes its results into an LMBench checkout: %w", err)
		}
		return (&sweep{session: s, root: root}).run()
	}
	return s.single()
}

// servePage serves the live page if it has an address.
func (s *session) servePage() error {
	if s.common.Listen == "" {
		return nil
	}
	listen := s.env.Listen
	if listen == nil {
		listen = net.Listen
	}
	listener, err := listen("tcp", s.common.Listen)
	if err != nil {
		return fmt.Errorf("--listen: %w", err)
	}
	s.console.Serve(listener)
	return nil
}

// errInterrupted ends a run after a signal.
var errInterrupted = errors.New("interrupted")

// A verdictError reports points that are not valid.
type verdictError struct{ error }

// requireValid returns an error unless all points are valid.
func requireValid(points ...point) error {
	var doubtful []string
	for _, p := range points {
		if p.verdict.Level != verdict.Valid {
			doubtful = append(doubtful, fmt.Sprintf("%s %s", p.text, cmp.Or(string(p.verdict.Level), "without a result")))
		}
	}
	if len(doubtful) > 0 {
		return verdictError{fmt.Errorf("--strict-verdict: not every point is %s: %s", verdict.Valid, strings.Join(doubtful, ", "))}
	}
	return nil
}

// ExitCode returns the exit status for an error of Run: 1 for a run without success
// and for wrong arguments of a sweep, 2 for wrong flags of a single run, 3 for an
// invalid point with --strict-verdict, 130 after a signal.
func ExitCode(err error) int {
	var usage *params.UsageError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &usage):
		return usage.Code
	case errors.Is(err, errInterrupted):
		return 130
	case errors.As(err, new(verdictError)):
		return 3
	}
	return 1
}
