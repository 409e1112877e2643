package runner

import (
	"context"
	"io"
	"net"
	"os"
	"time"

	"github.com/LMCache/LMBench/tools/load/calibrate"
	"github.com/LMCache/LMBench/tools/load/output"
	"github.com/LMCache/LMBench/tools/load/workload"
)

// An Env is what a workload's process uses of its environment. Tests replace it.
type Env struct {
	Args           []string // without the program's name
	Stdout, Stderr io.Writer
	Terminal       func() (columns, rows int) // size of the terminal that Stderr is; nil: it is not one
	Getenv         func(string) string
	Signals        <-chan os.Signal
	Root           func() (string, error) // folder that contains 3-workloads; only a sweep asks for it
	Version        string                 // of this program, for the results; empty: not recorded

	Run      func(context.Context, Program) error
	Dial     workload.Dialer                                     // nil: the network
	Listen   func(network, address string) (net.Listener, error) // nil: the network
	Loopback calibrate.Network                                   // nil: nothing is calibrated
	Open     output.Opener                                       // of the CSV and the log; nil: files

	Precise bool                 // see schedule.Options
	Limits  Limits               // of the system
	CPU     func() time.Duration // CPU time of this process; nil: unknown
	Wall    func() time.Time     // time of day; nil: the system's
}

// A Program is another program to run.
type Program struct {
	Dir, Path      string
	Args           []string
	Stdout, Stderr io.Writer
}

// wall returns the time of day without a monotonic reading.
func (e *Env) wall() time.Time {
	if e.Wall != nil {
		return e.Wall().Round(0)
	}
	return time.Now().Round(0)
}

// opener returns what opens the CSV and the log.
func (e *Env) opener() output.Opener {
	if e.Open != nil {
		return e.Open
	}
	return output.Open(e.Stdout, e.Stderr)
}
