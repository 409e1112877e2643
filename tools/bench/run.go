package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

//go:embed help.txt
var help string

// usageError is a mistake on the command line.
type usageError struct{ error }

func (u usageError) Unwrap() error { return u.error }

// run is the whole program, in any of its processes.
func run(ctx context.Context, args []string, p process) error {
	if len(args) == 2 && args[0] == "engine" {
		return serve(args[1], p)
	}
	if len(args) == 2 && args[0] == "client" {
		return drive(ctx, args[1], p)
	}
	if len(args) == 2 && args[0] == "prover" {
		return prover(ctx, args[1], p)
	}
	var o options
	app := &cli.App{
		Name: "bench", Writer: io.Discard, ErrWriter: io.Discard,
		HideHelp: true, HideVersion: true, DisableSliceFlagSeparator: true,
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "help", Aliases: []string{"h"}, Destination: &o.help},
			&cli.StringFlag{Name: "client", Value: "both", Destination: &o.client},
			&cli.IntFlag{Name: "repeat", Value: 1, Destination: &o.repeat},
			&cli.StringFlag{Name: "profile", Destination: &o.profile},
			&cli.StringFlag{Name: "peer", Destination: &o.peer.command},
			&cli.StringFlag{Name: "peer-rows", Destination: &o.peer.rows},
		},
		ExitErrHandler: func(*cli.Context, error) {}, // report decides, not cli
		OnUsageError:   func(_ *cli.Context, err error, _ bool) error { return usageError{err} },
		Action: func(c *cli.Context) error {
			if o.help {
				_, err := io.WriteString(p.stdout, help)
				return err
			}
			o.names = c.Args().Slice()
			return o.run(ctx, &p)
		},
	}
	return app.Run(append([]string{app.Name}, args...))
}

// options are the command line.
type options struct {
	help            bool
	client, profile string
	repeat          int
	peer            peer
	names           []string
}

// check is all that is wrong with the options, or what they ask for.
func (o *options) check() (chosen []scenario, clients []string, err error) {
	var problems []error
	switch o.client {
	case "none":
	case "both":
		clients = []string{"ours", "socket"}
	case "ours", "socket":
		clients = []string{o.client}
	default:
		problems = append(problems, fmt.Errorf("--client: %q is not ours, socket, both or none", o.client))
	}
	if o.peer.command == "" && o.peer.rows != "" {
		problems = append(problems, errors.New("--peer-rows is for --peer"))
	}
	if o.repeat < 1 {
		problems = append(problems, errors.New("--repeat: want at least 1"))
	}
	if len(o.names) == 1 && o.names[0] == "all" {
		return scenarios, clients, errors.Join(problems...)
	}
	if len(o.names) == 0 {
		problems = append(problems, errors.New("want the names of scenarios, or all"))
	}
	for _, name := range o.names {
		s, found := find(name)
		if !found {
			problems = append(problems, fmt.Errorf("no scenario %q: want all or some of %s", name, strings.Join(names(), ", ")))
			continue
		}
		chosen = append(chosen, s)
	}
	return chosen, clients, errors.Join(problems...)
}

func names() []string {
	var all []string
	for _, s := range scenarios {
		all = append(all, s.Name)
	}
	return all
}

func (o *options) run(ctx context.Context, p *process) error {
	if slices.Equal(o.names, []string{"proof"}) {
		return o.weigh(ctx, p, proof(runtime.NumCPU()))
	}
	chosen, clients, err := o.check()
	if err != nil {
		return usageError{err}
	}
	var all []figures
	for _, s := range chosen {
		fmt.Fprintf(p.stderr, "%s: %s\n", s.Name, s.About)
		for range o.repeat {
			for _, client := range clients {
				f, err := p.measure(ctx, s, client, o.profile)
				if err != nil {
					return err
				}
				all = append(all, f)
			}
			if o.peer.command != "" {
				f, err := o.peer.measure(ctx, p, s)
				if err != nil {
					return err
				}
				all = append(all, f)
			}
		}
	}
	return write(p.stdout, all)
}

// report tells what went wrong and returns the exit code: 0 for success, 2 for
// a mistake on the command line, else 1.
func report(err error, stderr io.Writer) int {
	if err == nil {
		return 0
	}
	fmt.Fprintln(stderr, err)
	if _, usage := errors.AsType[usageError](err); usage {
		return 2
	}
	return 1
}
