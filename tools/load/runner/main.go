package runner

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"golang.org/x/term"

	"github.com/LMCache/LMBench/tools/checkout"
	"github.com/LMCache/LMBench/tools/command"
	"github.com/LMCache/LMBench/tools/load/calibrate"
	"github.com/LMCache/LMBench/tools/load/monitor"
	"github.com/LMCache/LMBench/tools/load/schedule"
	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/redact"
)

// Main runs a workload as this process and returns its exit code.
func Main(w workload.Workload) int {
	if err := hideKey(); err != nil {
		fmt.Fprintf(os.Stderr, "note: other users of this machine can read the API key on the command line (%v): use LMBENCH_API_KEY or --api-key-file\n", err)
	}
	schedule.Prepare()
	signals := make(chan os.Signal, 2) // the first one stops sending, the second one waiting
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	err := Run(context.Background(), w, Env{
		Args: os.Args[1:], Stdout: os.Stdout, Stderr: os.Stderr, Terminal: terminal(os.Stderr), Getenv: os.Getenv,
		Signals: signals, Root: checkout.Root, Version: command.Version(), Run: runProgram, Loopback: calibrate.Loopback,
		Precise: true, CPU: monitor.CPUTime, Limits: systemLimits(),
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	return ExitCode(err)
}

// terminal returns a function that returns a terminal's size, or nil if the file is
// not a terminal.
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

// runProgram runs a program in its own process group: Ctrl-C is meant for the load,
// not for the program that writes its result.
func runProgram(ctx context.Context, p Program) error {
	cmd := exec.CommandContext(ctx, p.Path, p.Args...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Dir, cmd.Stdout, cmd.Stderr, cmd.Env = p.Dir, p.Stdout, p.Stderr, redact.Environ(os.Environ())
	return cmd.Run()
}
