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

// run is the whole program. bench starts itself again for the processes of the
// reference engine and of the clients, with one of these names and a JSON argument.
func run(ctx context.Context, args []string, p process) error {
	if len(args) == 2 {
		switch args[0] {
		case engineProcess:
			return runEngine(args[1], p)
		case clientProcess:
			return runClient(ctx, args[1], p)
		case diagnosticsProcess:
			return runDiagnosticsClient(ctx, args[1], p)
		}
	}
	app := &cli.App{
		Name: "bench",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "client", Value: "all", Usage: "`CLIENT` client to measure: ours, net/http, socket, both (ours and socket), all or none"},
			&cli.IntFlag{Name: "repeat", Value: 1, Usage: "`N` runs of each client, taking turns"},
			&cli.StringFlag{Name: "profile", Usage: "`FILE` CPU profile of the last client, for go tool pprof"},
			&cli.StringFlag{Name: "peer", Usage: "`CMD` shell command that runs another client against the engine at $BASE_URL. It should send $REQUESTS requests at $RATE per second for $TOKENS tokens each. Its figures come from the engine's log"},
			&cli.StringFlag{Name: "peer-rows", Usage: "`FILE` CSV that the peer writes, in LMBench's format, with the x-user-id of each request as user_id. Its timestamps are compared with the engine's log"},
		},
		Action: func(c *cli.Context) error {
			o := options{
				client: c.String("client"), profile: c.String("profile"), repeat: c.Int("repeat"),
				external: external{command: c.String("peer"), rows: c.String("peer-rows")},
				names:    c.Args().Slice(),
			}
			return o.run(ctx, &p)
		},
	}
	return command.Run(ctx, app, help, args, command.Streams{In: p.stdin, Out: p.stdout, Err: p.stderr})
}

// options hold the command line.
type options struct {
	client   string
	profile  string // file name; empty for no profile
	repeat   int
	external external
	names    []string // of scenarios
}

// check returns the scenarios and clients to run, or all mistakes.
func (o *options) check() (chosen []scenario, clients []string, err error) {
	var problems []error
	switch o.client {
	case "none":
	case "all":
		clients = []string{ours, netHTTP, socket}
	case "both":
		clients = []string{ours, socket}
	case ours, netHTTP, socket:
		clients = []string{o.client}
	default:
		problems = append(problems, fmt.Errorf("--client: want ours, net/http, socket, both, all or none, got %q", o.client))
	}
	if o.external.command == "" && o.external.rows != "" {
		problems = append(problems, errors.New("--peer-rows: needs --peer"))
	}
	if o.repeat < 1 {
		problems = append(problems, fmt.Errorf("--repeat: want at least 1, got %d", o.repeat))
	}
	if len(o.names) == 1 && o.names[0] == "all" {
		return scenarios, clients, errors.Join(problems...)
	}
	if len(o.names) == 0 {
		problems = append(problems, errors.New("want the names of scenarios, all or proof"))
	}
	for _, name := range o.names {
		i := slices.IndexFunc(scenarios, func(s scenario) bool { return s.Name == name })
		if i < 0 {
			problems = append(problems, fmt.Errorf("no scenario %q: want all, or some of %s", name, strings.Join(scenarioNames(), ", ")))
			continue
		}
		chosen = append(chosen, scenarios[i])
	}
	return chosen, clients, errors.Join(problems...)
}

func scenarioNames() []string {
	var names []string
	for _, s := range scenarios {
		names = append(names, s.Name)
	}
	return names
}

func (o *options) run(ctx context.Context, p *process) error {
	if slices.Equal(o.names, []string{diagnosticsName}) {
		return o.measureDiagnostics(ctx, p, diagnosticsScenario(runtime.NumCPU()))
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
			if o.external.command != "" {
				f, err := o.external.measure(ctx, p, s)
				if err != nil {
					return err
				}
				all = append(all, f)
			}
		}
	}
	return writeTable(p.stdout, all)
}
