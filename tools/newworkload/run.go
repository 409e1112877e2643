package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/LMCache/LMBench/tools/checkout"
)

//go:embed help.txt
var help string

// run is the whole command.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	app := &cli.App{
		Name: "newworkload", Writer: stdout, ErrWriter: stderr,
		CustomAppHelpTemplate: help,
		HideHelpCommand:       true,
		Flags:                 []cli.Flag{&cli.StringFlag{Name: "root"}},
		OnUsageError:          func(_ *cli.Context, err error, _ bool) error { return usageError{err} },
		ExitErrHandler:        func(*cli.Context, error) {}, // status decides, not cli
		Action: func(c *cli.Context) error {
			if c.NArg() != 1 {
				return usageError{fmt.Errorf("want one NAME after the flags, got %q", strings.Join(c.Args().Slice(), " "))}
			}
			to := spell(c.Args().First())
			root, err := findRoot(c.String("root"))
			if err := errors.Join(err, to.check(root)); err != nil {
				return usageError{err}
			}
			return create(ctx, stdout, root, to)
		},
	}
	return app.RunContext(ctx, append([]string{app.Name}, args...))
}

// create makes the workload, and tells of it.
func create(ctx context.Context, stdout io.Writer, root string, to name) error {
	files, err := copyOf(root, to)
	if err != nil {
		return err
	}
	lists, notes, err := entries(root, to)
	if err != nil {
		return err
	}
	files = append(files, lists...)
	if err := write(ctx, root, files); err != nil {
		return fmt.Errorf("%w; nothing was made", err)
	}
	for _, f := range files {
		fmt.Fprintln(stdout, f.verb(), f.path)
	}
	for _, note := range notes {
		fmt.Fprintln(stdout, "note:", note)
	}
	fmt.Fprintf(stdout, `
next:
  change what main.go marks CHANGE
  ./build.sh && go test ./3-workloads/%[1]s
  git apply 3-workloads/%[1]s/run-bench.patch
  name %[1]s-spec.yaml in run-bench.yaml
`, to.folder)
	return nil
}

// findRoot returns the folder given by --root, or else the checkout's root.
func findRoot(given string) (string, error) {
	if given != "" {
		if !holds(given) {
			return "", fmt.Errorf("--root: %s does not hold 3-workloads/%s, the template of new workloads", given, template)
		}
		return given, nil
	}
	root, err := checkout.Root()
	if err != nil {
		return "", fmt.Errorf("%w, or use --root", err)
	}
	if !holds(root) {
		return "", fmt.Errorf("%s does not hold 3-workloads/%s, the template of new workloads: name another checkout with --root", root, template)
	}
	return root, nil
}

func holds(root string) bool {
	info, err := os.Stat(filepath.Join(root, "3-workloads", template))
	return err == nil && info.IsDir()
}

// usageError is a mistake in the command line.
type usageError struct{ error }

// status is the exit status, and prints why it is not 0.
func status(err error, stderr io.Writer) int {
	if err == nil {
		return 0
	}
	for line := range strings.Lines(err.Error()) {
		fmt.Fprintln(stderr, "newworkload:", strings.TrimSuffix(line, "\n"))
	}
	if _, usage := errors.AsType[usageError](err); usage {
		fmt.Fprintln(stderr, "run newworkload --help for what it takes")
		return 2
	}
	return 1
}
