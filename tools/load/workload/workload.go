// Package workload is what all workloads' commands share: the two doors, the
// points of a sweep, the stages of a point, and what the person sees.
package workload

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/LMCache/LMBench/tools/engine/openai"
	"github.com/LMCache/LMBench/tools/load/params"
	"github.com/LMCache/LMBench/tools/results/record"
	"github.com/LMCache/LMBench/tools/results/runfile"
	"github.com/LMCache/LMBench/tools/results/verdict"
)

// Workload is all that makes one workload different from another.
type Workload struct {
	Name    string // WORKLOAD in the result, and part of file names
	Command string // the binary; empty: NAME with hyphens
	Script  string // its run script, for usage lines
	About   string // the hand-written head of its help
	Example string // positional arguments of a worked example

	Positional []string     // the script's arguments in order, by parameter name
	Point      params.Param // what a sweep varies; its values follow the positional arguments
	Points     []string     // used when none are given; empty: nothing is run then
	Time       string       // seconds a point is sent in a sweep; empty: until its plan ends
	Cooldown   string       // seconds of rest after a point in a sweep; empty: 10
	FailFast   bool         // the first failed point ends a sweep
	Trailing   bool         // the script takes exactly one point, and flags after it
	OpenLoop   bool         // requests wait for no answer: --arrivals says when they are due
	FirstUser  string       // --init-user-id of a sweep; empty: 1
	NoPodLogs  bool

	// Defaults are those of flags that every workload has, by name, where the
	// original's generator has others; nil: none.
	Defaults map[string]string

	Common *Common        // where the parameters every workload has go
	Params []params.Param // its own
	Layout record.Layout

	// Stages is what a point runs, one after the other. The last is measured.
	// At the flags door it is asked for that one alone.
	Stages func(alone bool) []Stage

	// Pairs are the keys of the result between WORKLOAD and SERVING_INDEX, in
	// the original's order. Their texts are the arguments as given, or Values.
	Pairs []string

	// The following may be nil.

	// MoreModels tells whether a word after --model names another model.
	MoreModels func(word string) bool
	// Check finds what no single parameter can tell.
	Check func() error
	// Named is WORKLOAD where the arguments decide it; nil: Name.
	Named func() string
	// Sweep is the points to run for those given.
	Sweep func(points []string) []string
	// File is what follows KEY_ in the name of a point's CSV, without .csv; else NAME_output_POINT.
	File func(point string) string
	// Earlier tells whether a run at another time would have given a point's CSV
	// this name, likewise; nil: only if it is File's.
	Earlier func(point, name string) bool
	// Values are texts of Pairs other than the arguments given; a pair without
	// any, or with an empty one, is left out.
	Values func(point string) map[string]string
	// Row fills columns of its own; false keeps the turn out of the CSV.
	Row func(*Request, *record.Row) bool
	// Describe adds what the workload itself knows about a point, once it is measured.
	Describe func(*runfile.Run)
	// Report says more of a measured point than its rows, which are in the
	// file. It returns the file to make the result of; "": that of the rows.
	Report func(rows string, out io.Writer) (file string, err error)
}

// Stage is a part of a point: it warms the engine up or is measured.
type Stage struct {
	Name  string        // for messages, e.g. "warm-up"
	For   time.Duration // nothing is sent after this; 0: until the plan ends
	Vital bool          // the point is over if not one of its requests succeeds
	Rest  time.Duration // after a warm-up, until the next stage

	// Plan is what it sends. Each call makes the same plan anew, whatever became
	// of one made before: the fingerprint is that of a plan nobody runs.
	Plan func(Control) Plan
	// Rehearsal is a plan of the same requests for the fingerprint, if Plan
	// begins more than that; nil: Plan.
	Rehearsal func(Control) Plan

	Connections int      // opened before the first request is due
	AtOnce      int      // requests sure to be under way together, where these are more than Connections
	Notes       []string // what a person should know before it runs
	Planned     int      // requests an instantly answering engine would get; 0: not known
	Offered     float64  // requests a second that the plan offers; 0: not known

	// Make makes what a measured stage sends, before anything is sent to the
	// engine. Asks says that this takes the engine's answers to Before, so that
	// the fingerprint is known only then.
	Make func(context.Context) (notes []string, err error)
	Asks bool

	// Before is called before a measured stage, After when its last request is
	// over. What they and Make return is told to the person. Each may be nil; an
	// error of Before or Make fails the point.
	Before func(context.Context, *openai.Client) (notes []string, err error)
	After  func(context.Context, *openai.Client) (notes []string)
}

// Control is how a plan talks to its stage, from the goroutine that owns it.
type Control struct {
	Final func(*Request) // to be told each turn once, when all about it is known
	End   func()         // ends the stage: nothing more is sent, what is under way is given up
}

// Run is the command. Its error is already complete for the person to read;
// ExitCode tells what the process answers.
func Run(ctx context.Context, w Workload, world World) error {
	args, err := w.commandLine().Parse(world.Args, world.Getenv, world.Stdout)
	if err != nil || args == nil {
		return err
	}
	if w.Named != nil {
		w.Name = w.Named()
	}
	if w.Common.ProcessSummary != "" {
		return printSummary(world, w.Common.ProcessSummary)
	}
	world.view = newView(&w, world)
	world.Stderr = world.view.log
	if err := world.view.serve(world, w.Common.Listen); err != nil {
		return err
	}
	defer world.view.close()
	interrupt := watch(ctx, world)
	defer interrupt.end()
	if w.Common.Fingerprint {
		return printFingerprints(&w, world, interrupt, args)
	}
	if args.Sweep {
		return (&sweep{w: w, world: world, args: args, interrupt: interrupt}).run()
	}
	return (&single{w, world, args, interrupt}).run()
}

// errInterrupted ends a run that a signal ended.
var errInterrupted = errors.New("interrupted")

// verdictError is a point whose figures are in doubt.
type verdictError struct{ error }

// strict fails unless all points are valid.
func strict(points ...point) error {
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

// ExitCode is the process's answer for Run's error: 1 for a run without any
// success and for wrong arguments in a sweep, 2 for wrong flags, 3 for figures
// in doubt where a strict verdict was asked for, 130 after a signal.
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
