package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/LMCache/LMBench/tools/command"
	"github.com/LMCache/LMBench/tools/data/trace"
	"github.com/LMCache/LMBench/tools/data/userfile"
)

// validate lists all invalid lines.
func (cmd *tool) validate() *cli.Command {
	return &cli.Command{Name: "validate", Flags: []cli.Flag{unitFlag()}, Action: func(c *cli.Context) error {
		t, err := open(c)
		if err != nil {
			return err
		}
		for _, line := range t.Invalid {
			fmt.Fprintln(cmd.Out, line)
		}
		if t.InvalidCount > len(t.Invalid) {
			fmt.Fprintf(cmd.Out, "and %d more\n", t.InvalidCount-len(t.Invalid))
		}
		order := "sorted"
		if !t.Sorted {
			order = "not sorted (use traces sort)"
		}
		fmt.Fprintf(cmd.Out, "%s: %d requests, %s; %d invalid lines\n", c.Args().First(), len(t.Requests), order, t.InvalidCount)
		if t.InvalidCount > 0 {
			return errors.New("the trace has invalid lines")
		}
		return nil
	}}
}

// sort writes the valid lines unchanged, in the order of their times.
func (cmd *tool) sort() *cli.Command {
	return &cli.Command{Name: "sort", Flags: []cli.Flag{unitFlag(), outputFlag()}, Action: func(c *cli.Context) error {
		t, err := open(c)
		if err != nil {
			return err
		}
		cmd.warn(t)
		content, err := os.ReadFile(c.Args().First())
		if err != nil {
			return err
		}
		lines := bytes.Split(userfile.TrimMark(content), []byte("\n"))
		return cmd.write(c, func(w io.Writer) error {
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

// header returns the first line that is not blank.
func header(lines [][]byte) []byte {
	for _, line := range lines {
		if line = bytes.TrimSpace(line); len(line) > 0 {
			return line
		}
	}
	return nil
}

// convert writes a trace in another style.
func (cmd *tool) convert() *cli.Command {
	return &cli.Command{Name: "convert", Flags: []cli.Flag{unitFlag(), outputFlag(), styleFlag("")}, Action: func(c *cli.Context) error {
		style, err := parseStyle(c.String("to"))
		if err != nil {
			return command.Usagef("--to: %w", err)
		}
		t, err := open(c)
		if err != nil {
			return err
		}
		cmd.warn(t)
		if t.HasBlocks() && !style.HasBlocks() {
			fmt.Fprintf(cmd.Err, "warning: %s has no hash ids; those of the trace are lost\n", style)
		}
		return cmd.write(c, func(w io.Writer) error { return trace.Write(w, t, style) })
	}}
}

// parseStyle returns the style of a name.
func parseStyle(name string) (trace.Style, error) {
	if slices.Contains(trace.Styles(), trace.Style(name)) {
		return trace.Style(name), nil
	}
	var names []string
	for _, style := range trace.Styles() {
		names = append(names, string(style))
	}
	return "", fmt.Errorf("want one of %s, got %q", strings.Join(names, ", "), name)
}
