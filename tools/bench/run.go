package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/LMCache/LMBench/tools/command"
)

//go:embed help.txt
var help string

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
		Name: "bench",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "client", Value: "both", Destination: &o.client, Usage: "`CLIENT` client to measure: ours, socket, both or none"},
			&cli.IntFlag{Name: "repeat", Value: 1, Destination: &o.repeat, Usage: "`N` runs of each scenario, clients in turn"},
			&cli.StringFlag{Name: "profile", Destination: &o.profile, Usage: "`FILE` CPU profile of the last client, for go tool pprof"},
			&cli.StringFlag{
				Name: "peer", Destination: &o.peer.command,
				Usage: "`CMD` shell command of another client to measure: BASE_URL is the engine; RATE, REQUESTS and TOKENS describe the scenario. Its figures are made from the engine's log",
			},
			&cli.StringFlag{
				Name: "peer-rows", Destination: &o.peer.rows,
				Usage: "`FILE` CSV that the other client writes, with LMBench's columns and user_id as in the header x-user-id; its timestamps are compared with the engine's",
			},
		},
		Action: func(c *cli.Context) error {
			o.names = c.Args().Slice()
			return o.run(ctx, &p)
		},
	}
	return command.Run(ctx, app, help, args, command.Streams{In: p.stdin, Out: p.stdout, Err: p.stderr})
}

// options are the command line.
type options struct {
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
		return command.Usage(err)
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
