// Package workload declares what makes one workload different from another: its
// parameters, the stages of a point, and the requests that they send. Package
// runner runs a workload.
package workload

import (
	"context"
	"io"
	"time"

	"github.com/LMCache/LMBench/tools/engine/openai"
	"github.com/LMCache/LMBench/tools/load/params"
	"github.com/LMCache/LMBench/tools/results/record"
	"github.com/LMCache/LMBench/tools/results/runfile"
)

// A Workload declares a command that measures a serving engine. It has two modes:
// a sweep measures several points, as LMBench's scripts run it; a single run
// measures one.
type Workload struct {
	Name    string // WORKLOAD in the result, and part of file names
	Command string // file name of the program; empty: Name with hyphens
	Script  string // its run script, for usage lines
	About   string // head of its help
	Example string // positional arguments of an example

	Common     *Common        // where the parameters that every workload has go
	Params     []params.Param // its own parameters
	Positional []string       // the script's arguments in order, by parameter name
	Point      params.Param   // what a sweep varies; its values follow the positional arguments
	Points     []string       // the points of a sweep that is given none; empty: nothing is run
	Trailing   bool           // the script takes exactly one point, and flags may follow it
	OpenLoop   bool           // requests wait for no answer: --arrivals says when they are due

	Time      string            // --time of a sweep; empty: until the plan ends
	Cooldown  string            // --cooldown of a sweep; empty: 10
	FirstUser string            // --init-user-id of a sweep; empty: 1
	Defaults  map[string]string // defaults of common flags that differ from other workloads, by name

	FailFast  bool // the first failed point ends a sweep
	NoPodLogs bool // a sweep saves no logs of pods

	Layout     record.Layout // columns of the CSV
	ResultKeys []string      // keys of the result between WORKLOAD and SERVING_INDEX, in LMBench's order

	// Stages returns the stages of a point, which run one after the other. The
	// last one is measured. A single run is only the measured one.
	Stages func(single bool) []Stage

	// The following may be nil.

	// MoreModels reports whether a word after --model names another model.
	MoreModels func(word string) bool
	// Check finds faults that concern several parameters.
	Check func() error
	// ResultName returns WORKLOAD if it depends on the arguments. Nil: Name.
	ResultName func() string
	// SweepPoints returns the points to run for those that were given.
	SweepPoints func(points []string) []string
	// File returns what follows KEY_ in the name of a point's CSV, without .csv.
	// Nil: NAME_output_POINT.
	File func(point string) string
	// Earlier reports whether File could have returned name for the point at
	// another time. Nil: it always returns the same.
	Earlier func(point, name string) bool
	// ResultValues returns values of ResultKeys that differ from the arguments.
	// The result omits a key whose value is empty.
	ResultValues func(point string) map[string]string
	// Row fills columns of the workload's own. It reports whether the request is
	// in the CSV.
	Row func(*Request, *record.Row) bool
	// Describe adds what the workload itself knows about a measured point.
	Describe func(*runfile.Run)
	// Report prints or writes more about a measured point than its CSV rows. It
	// returns the file that the result is made of; empty: rows.
	Report func(rows string, out io.Writer) (file string, err error)
}

// A Stage is a part of a point: it warms up the engine or is measured.
type Stage struct {
	Name     string        // for messages, e.g. "warm-up"
	For      time.Duration // nothing is sent after this; 0: until the plan ends
	Required bool          // the point fails if none of its requests succeeds
	Rest     time.Duration // time until the next stage
	Notes    []string      // what the user should know before it runs

	// Plan returns what the stage sends. Each call returns the same plan, however
	// an earlier one ended.
	Plan func(Control) Plan
	// DryRunPlan, if not nil, replaces Plan when only the fingerprint is computed,
	// for plans with side effects.
	DryRunPlan func(Control) Plan

	Connections int     // opened before the first request is due
	Burst       int     // requests certain to be under way at once, if more than Connections
	Planned     int     // requests that an engine which answers at once would get; 0: unknown
	Offered     float64 // requests per second on average; 0: unknown

	// Prepare prepares what a measured stage sends, before anything is sent to the
	// engine. It may be nil.
	Prepare func(context.Context) (notes []string, err error)
	// NeedsEngine says that Before asks the engine for what the plan needs, so that
	// the fingerprint is known only after it.
	NeedsEngine bool
	// Before is called before a measured stage, After when its last request is done.
	// The user is shown their notes. Both may be nil. An error of Before or Prepare
	// fails the point.
	Before func(context.Context, *openai.Client) (notes []string, err error)
	After  func(context.Context, *openai.Client) (notes []string)
}

// A Control connects a plan with its stage. Only the goroutine that runs the plan
// may call its functions.
type Control struct {
	Final func(*Request) // to be called once for each request, when all about it is known
	End   func()         // ends the stage: nothing more is sent, requests under way are cancelled
}
