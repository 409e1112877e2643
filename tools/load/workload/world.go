package workload

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"golang.org/x/term"

	"github.com/LMCache/LMBench/tools/load/calibrate"
	"github.com/LMCache/LMBench/tools/load/schedule"
	"github.com/LMCache/LMBench/tools/redact"
)

// World is what a workload's process touches.
type World struct {
	Args           []string // without the program's name
	Stdout, Stderr io.Writer
	Terminal       func() (columns, rows int) // the size of the one that Stderr is; nil: it is none
	Getenv         func(string) string
	Signals        <-chan os.Signal
	Root           string // the folder that holds 3-workloads
	Exec           func(context.Context, Command) error
	Dial           func(ctx context.Context, network, address string) (net.Conn, error) // nil: the network
	Loopback       calibrate.Network                                                    // nil: nothing is calibrated
	Listen         func(network, address string) (net.Listener, error)                  // nil: the network
	Precise        bool                                                                 // see schedule.Run
	Capacity       Capacity                                                             // of the system
	CPU            func() time.Duration                                                 // that this process has used; nil: not known
	Create         func(path string) (io.WriteCloser, error)                            // a CSV; nil: a file
	Wall           func() time.Time                                                     // the time of day; nil: the system's

	view *view
}

// wall is the time of day, without the monotonic reading that time.Now has beside it.
func (w *World) wall() time.Time {
	if w.Wall != nil {
		return w.Wall().Round(0)
	}
	return time.Now().Round(0)
}

// Command is another program to run.
type Command struct {
	Dir, Path      string
	Args           []string
	Stdout, Stderr io.Writer
}

// Main runs a workload as this process and returns its exit code.
func Main(w Workload) int {
	if err := hideKey(); err != nil {
		fmt.Fprintf(os.Stderr, "note: others on this machine can read the API key on the command line (%v): LMBENCH_API_KEY or --api-key-file is for it\n", err)
	}
	schedule.Prepare()
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	root, err := findRoot()
	if err == nil {
		err = Run(context.Background(), w, World{
			Args: os.Args[1:], Stdout: os.Stdout, Stderr: os.Stderr, Terminal: terminal(os.Stderr), Getenv: os.Getenv,
			Signals: signals, Root: root, Exec: execute, Loopback: calibrate.Loopback, Precise: true, CPU: cpuTime, Capacity: capacity(),
		})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	return ExitCode(err)
}

// findRoot walks up from the program to the folder that holds 3-workloads.
func findRoot() (string, error) {
	if root := os.Getenv("LMBENCH_ROOT"); root != "" {
		return filepath.Abs(root)
	}
	program, err := os.Executable()
	if err != nil {
		return "", err
	}
	for dir := filepath.Dir(program); ; dir = filepath.Dir(dir) {
		if info, err := os.Stat(filepath.Join(dir, "3-workloads")); err == nil && info.IsDir() {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("no folder above %s holds 3-workloads: set LMBENCH_ROOT", program)
		}
	}
}

// terminal asks for a terminal's size; nil if the file is none.
func terminal(f *os.File) func() (columns, rows int) {
	if !term.IsTerminal(int(f.Fd())) {
		return nil
	}
	return func() (columns, rows int) {
		columns, rows, err := term.GetSize(int(f.Fd()))
		if err != nil || columns <= 0 || rows <= 0 {
			return 80, 24
		}
		return columns, rows
	}
}

// execute runs a program in a process group of its own: a Ctrl-C is meant for
// the load, not for the program that writes its result.
func execute(ctx context.Context, c Command) error {
	command := exec.CommandContext(ctx, c.Path, c.Args...)
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Dir, command.Stdout, command.Stderr, command.Env = c.Dir, c.Stdout, c.Stderr, redact.Environ(os.Environ())
	return command.Run()
}
