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
	"github.com/LMCache/LMBench/tools/command"
)

//go:embed help.txt
var help string

// run is the whole command.
func run(ctx context.Context, args []string, s command.Streams) error {
	app := &cli.App{
		Name:  "newworkload",
		Flags: []cli.Flag{&cli.StringFlag{Name: "root", Usage: "`DIR` folder that holds 3-workloads", DefaultText: "the checkout of this program"}},
		Action: func(c *cli.Context) error {
			if c.NArg() != 1 {
				return command.Usagef("want one NAME after the flags, got %q", strings.Join(c.Args().Slice(), " "))
			}
			to := spell(c.Args().First())
			root, err := findRoot(c.String("root"))
			if err := errors.Join(err, to.check(root)); err != nil {
				return command.Usage(err)
			}
			return create(ctx, s.Out, root, to)
		},
	}
	return command.Run(ctx, app, help, args, s)
}

// create writes the files of the workload and lists them.
func create(ctx context.Context, stdout io.Writer, root string, to name) error {
	files, err := copyOf(root, to)
	if err != nil {
		return err
	}
	if err := write(ctx, root, files); err != nil {
		return fmt.Errorf("%w; no file was left behind", err)
	}
	for _, f := range files {
		fmt.Fprintln(stdout, "created", f.path)
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

// holds reports whether root has the template.
func holds(root string) bool {
	info, err := os.Stat(filepath.Join(root, "3-workloads", template))
	return err == nil && info.IsDir()
}
