package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/LMCache/LMBench/tools/data/trace"
)

func (c *command) validate() *cli.Command {
	return &cli.Command{Name: "validate", Flags: []cli.Flag{unitFlag()}, Action: func(context *cli.Context) error {
		t, err := open(context)
		if err != nil {
			return err
		}
		for _, fault := range t.Faults {
			fmt.Fprintln(c.stdout, fault)
		}
		if t.Faulty > len(t.Faults) {
			fmt.Fprintf(c.stdout, "and %d more\n", t.Faulty-len(t.Faults))
		}
		order := "in order"
		if !t.Sorted {
			order = "not in order (traces sort puts them in order)"
		}
		fmt.Fprintf(c.stdout, "%s: %d requests, %s; %d lines are none\n", context.Args().First(), len(t.Requests), order, t.Faulty)
		if t.Faulty > 0 {
			return errors.New("the trace has lines that are no requests")
		}
		return nil
	}}
}

// sort writes the lines as they stand, in the order of their times.
func (c *command) sort() *cli.Command {
	return &cli.Command{Name: "sort", Flags: []cli.Flag{unitFlag(), outputFlag()}, Action: func(context *cli.Context) error {
		t, err := open(context)
		if err != nil {
			return err
		}
		c.warn(t)
		content, err := os.ReadFile(context.Args().First())
		if err != nil {
			return err
		}
		lines := bytes.Split(content, []byte("\n"))
		return c.write(context, func(w io.Writer) error {
			var out bytes.Buffer
			if t.Format != trace.JSONL {
				out.Write(header(lines))
				out.WriteByte('\n')
			}
			for i := range t.Requests {
				out.Write(bytes.TrimRight(lines[t.Requests[i].Line-1], "\r"))
				out.WriteByte('\n')
			}
			_, err := w.Write(out.Bytes())
			return err
		})
	}}
}

// header is the first line that is not blank.
func header(lines [][]byte) []byte {
	for _, line := range lines {
		if line = bytes.TrimSpace(line); len(line) > 0 {
			return line
		}
	}
	return nil
}

func (c *command) convert() *cli.Command {
	return &cli.Command{Name: "convert", Flags: []cli.Flag{unitFlag(), outputFlag(), &cli.StringFlag{Name: "to"}}, Action: func(context *cli.Context) error {
		style, err := styleOf(context.String("to"))
		if err != nil {
			return usageError{fmt.Errorf("--to: %w", err)}
		}
		t, err := open(context)
		if err != nil {
			return err
		}
		c.warn(t)
		if t.Hashed() && !style.Hashes() {
			fmt.Fprintf(c.stderr, "%s holds no hash ids: they are lost\n", style)
		}
		return c.write(context, func(w io.Writer) error { return trace.Write(w, t, style) })
	}}
}

func styleOf(name string) (trace.Style, error) {
	if slices.Contains(trace.Styles(), trace.Style(name)) {
		return trace.Style(name), nil
	}
	var names []string
	for _, style := range trace.Styles() {
		names = append(names, string(style))
	}
	return "", fmt.Errorf("want one of %s, got %q", strings.Join(names, ", "), name)
}

func folder(path string) string { return filepath.Dir(path) }
