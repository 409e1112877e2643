package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/urfave/cli/v2"
)

const sampleHelp = `sample - a command

usage: sample [FLAGS] FILE
       sample count FILE

{{flags}}

counting
{{flags "counting"}}
`

const wantHelp = `sample - a command

usage: sample [FLAGS] FILE
       sample count FILE

  --output, -o FILE  file to write
  --rate R           requests per second, R (default: 1.5; variable LMBENCH_RATE)
  --goals GOAL       goal, may be repeated, as in {{"a"}}
  --quiet            print less, and this is so long a text that it does not fit into one line of a
                     terminal
  --help, -h         print this text
  --version          print the version

counting
  --by WORD          what to count by: WORD (default: lines)
  --a-very-long-name-of-a-flag N
                     a number (default: found)
`

func sample(s Streams) *cli.App {
	return &cli.App{
		Name: "sample",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "`FILE` file to write"},
			&cli.Float64Flag{Name: "rate", Usage: "requests per second, `R`", Value: 1.5, EnvVars: []string{"LMBENCH_RATE"}},
			&cli.StringSliceFlag{Name: "goals", Usage: "`GOAL` goal, may be repeated, as in {{\"a\"}}"},
			&cli.BoolFlag{Name: "quiet", Usage: "print less, and this is so long a text that it does not fit into one line of a terminal"},
		},
		Action: func(c *cli.Context) error {
			if c.NArg() != 1 {
				return Usagef("want one FILE, got %q", c.Args().Slice())
			}
			_, err := fmt.Fprintf(s.Out, "%s at %g, goals %q\n", c.Args().First(), c.Float64("rate"), c.StringSlice("goals"))
			return err
		},
		Commands: []*cli.Command{{
			Name: "count",
			Flags: []cli.Flag{
				&cli.StringFlag{Name: "by", Category: "counting", Usage: "what to count by: `WORD`", Value: "lines"},
				&cli.IntFlag{Name: "a-very-long-name-of-a-flag", Category: "counting", Usage: "`N` a number", DefaultText: "found"},
			},
			Action: func(*cli.Context) error { return errors.New("count: no file") },
		}},
	}
}

func TestCommandLines(t *testing.T) {
	for _, test := range []struct {
		why, args string
		code      int
		out, err  string
	}{
		{"all is well", "--rate 2 file", 0, "file at 2, goals []\n", ""},
		{"a flag with commas, which do not separate values", "--goals a,b --goals c file", 0, "file at 1.5, goals [\"a,b\" \"c\"]\n", ""},
		{"help", "--help", 0, wantHelp, ""},
		{"help by its short name", "-h", 0, wantHelp, ""},
		{"help of a subcommand", "count --help", 0, wantHelp, ""},
		{"version", "--version", 0, Version() + "\n", ""},
		{"version of a subcommand", "count --version", 0, Version() + "\n", ""},
		{"wrong arguments", "a b", 2, "", "sample: want one FILE, got [\"a\" \"b\"]\nrun sample --help for usage\n"},
		{"unknown flag", "--bogus file", 2, "", "sample: unknown flag --bogus\nrun sample --help for usage\n"},
		{"unknown flag of a subcommand", "count -x", 2, "", "sample: unknown flag --x\nrun sample --help for usage\n"},
		{"a flag without its value", "--output", 2, "", "sample: --output: a value is missing\nrun sample --help for usage\n"},
		{"a value that is not a number", "--rate fast file", 2, "", "sample: --rate: invalid value \"fast\"\nrun sample --help for usage\n"},
		{"a value that is not a boolean", "--quiet=perhaps file", 2, "", "sample: --quiet: invalid value \"perhaps\"\nrun sample --help for usage\n"},
		{"failure", "count", 1, "", "sample: count: no file\n"},
	} {
		t.Run(test.why, func(t *testing.T) {
			var out, stderr strings.Builder
			s := Streams{Out: &out, Err: &stderr}
			code := Report("sample", Run(t.Context(), sample(s), sampleHelp, strings.Fields(test.args), s), &stderr)
			if code != test.code {
				t.Errorf("exit code %d, want %d", code, test.code)
			}
			if diff := cmp.Diff(test.out, out.String()); diff != "" {
				t.Errorf("stdout (-want +got)\n%s", diff)
			}
			if diff := cmp.Diff(test.err, stderr.String()); diff != "" {
				t.Errorf("stderr (-want +got)\n%s", diff)
			}
		})
	}
}

func TestHelpListsEveryFlag(t *testing.T) {
	defer func() {
		if said := fmt.Sprint(recover()); !strings.Contains(said, "--by") || !strings.Contains(said, "counting") {
			t.Errorf("panic %q, want one that names --by and its category", said)
		}
	}()
	Help(sample(Streams{}), "flags\n{{flags}}\n")
}

func TestReport(t *testing.T) {
	for _, test := range []struct {
		why  string
		err  error
		code int
		text string
	}{
		{"no error", nil, 0, ""},
		{"an error", io.ErrUnexpectedEOF, 1, "c: unexpected EOF\n"},
		{"several", errors.Join(io.EOF, io.ErrShortWrite), 1, "c: EOF\nc: short write\n"},
		{"a usage error within another", fmt.Errorf("x: %w", Usage(io.EOF)), 2, "c: x: EOF\nrun c --help for usage\n"},
		{"a code of its own", WithCode(7, io.EOF), 7, "c: EOF\n"},
		{"a usage error with the code of old", WithCode(1, Usage(io.EOF)), 1, "c: EOF\nrun c --help for usage\n"},
		{"the usage of no error", Usage(nil), 0, ""},
	} {
		var stderr strings.Builder
		if code := Report("c", test.err, &stderr); code != test.code || stderr.String() != test.text {
			t.Errorf("%s: exit code %d, %q, want %d, %q", test.why, code, stderr.String(), test.code, test.text)
		}
	}
	if !errors.Is(WithCode(7, Usage(io.EOF)), io.EOF) {
		t.Error("the cause of an error is lost")
	}
}

func TestReaderEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	r := NewReader(ctx, strings.NewReader("some text"))
	if n, err := r.Read(make([]byte, 4)); n != 4 || err != nil {
		t.Fatalf("read %d bytes, error %v, want 4", n, err)
	}
	cancel()
	if n, err := r.Read(make([]byte, 4)); n != 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("after the end read %d bytes, error %v, want context.Canceled", n, err)
	}
}
