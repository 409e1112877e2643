package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/LMCache/LMBench/tools/data/hub"
	"github.com/LMCache/LMBench/tools/data/sharegpt"
	"github.com/LMCache/LMBench/tools/data/tokenizer/locate"
	"github.com/LMCache/LMBench/tools/engine/openai"
)

// world is what the command touches.
type world struct {
	stdout, stderr io.Writer
	terminal       bool // stderr is one
	getenv         func(string) string
	transport      http.RoundTripper // nil: the network
	cache          string            // folder of the download
	output         string            // folder of the result, if none is given
}

// command runs as this process and returns its exit code.
func command(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	program, err := os.Executable()
	if err == nil {
		info, statErr := os.Stderr.Stat()
		err = run(ctx, args, &world{
			stdout: os.Stdout, stderr: os.Stderr, terminal: statErr == nil && info.Mode()&os.ModeCharDevice != 0, getenv: os.Getenv,
			cache: filepath.Dir(program), output: filepath.Dir(filepath.Dir(program)),
		})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func run(ctx context.Context, args []string, w *world) error {
	o, err := parse(args, w)
	if errors.Is(err, errHelp) {
		return nil
	}
	if err != nil {
		return err
	}
	source := locate.Source{
		File: o.tokenizer, Model: o.model, Revision: o.modelRev, Engine: o.engineCounter(),
		Getenv: w.getenv, Transport: w.transport, Log: w.stderr,
	}
	counter, err := source.Find(ctx)
	if err != nil {
		return err
	}
	input, err := o.open(ctx, w)
	if err != nil {
		return err
	}
	defer input.Close()
	if o.whole != "" {
		return o.makeWhole(ctx, w, input, counter)
	}
	return o.makeSets(ctx, w, input, counter)
}

// engineCounter counts tokens by the serving engine, if --engine-url names one.
func (o *options) engineCounter() locate.Engine {
	if o.engine == "" {
		return locate.Engine{}
	}
	client, err := openai.New(openai.Config{BaseURL: o.engine})
	if err != nil {
		return locate.Engine{Name: o.engine, Count: func(context.Context, string) (int, error) { return 0, err }}
	}
	return locate.Engine{Name: client.TokenizeURL(), Count: func(ctx context.Context, text string) (int, error) {
		return client.CountText(ctx, o.model, text)
	}}
}

// file is the input under way.
type file struct {
	*os.File
	name   string // as the parameters record it
	sha256 string
	meter  *meter
}

// Read shows how far the reading is.
func (f *file) Read(p []byte) (int, error) {
	n, err := f.File.Read(p)
	f.meter.add(int64(n))
	return n, err
}

// open opens the input, and downloads it before if it is the public file.
func (o *options) open(ctx context.Context, w *world) (*file, error) {
	f := &file{name: filepath.Base(o.input)}
	path := o.input
	if path == "" {
		shown := &meter{w: w, what: "downloading the ShareGPT file"}
		from, err := hub.FromEnv(w.getenv)
		if err != nil {
			return nil, err
		}
		from.Transport = w.transport
		got, err := sharegpt.Download(ctx, &from, o.revision, w.cache, shown.set)
		shown.end()
		if err != nil {
			return nil, err
		}
		path, f.name, f.sha256 = got.Path, got.URL, got.SHA256
	}
	var err error
	if f.File, err = os.Open(path); err != nil {
		return nil, fmt.Errorf("--input: %w", err)
	}
	f.meter = &meter{w: w, what: "reading conversations"}
	if info, err := f.Stat(); err == nil {
		f.meter.size = info.Size()
	}
	return f, nil
}

// makeSets writes run.json and its companions.
func (o *options) makeSets(ctx context.Context, w *world, input *file, counter *locate.Counter) error {
	params := sharegpt.Params{
		Model: o.model, Input: input.name, InputSHA256: input.sha256,
		Tokenizer: counter.From, TokenizerRevision: counter.Revision, Approximate: counter.Approximate,
	}
	tally, err := sharegpt.Prepare(ctx, o.cut, input, counter.Count, o.outputDir, params, input.meter.tell)
	input.meter.end()
	if err != nil {
		return fmt.Errorf("%s: %w", input.File.Name(), err)
	}
	fmt.Fprintf(w.stdout, "read %d conversations, dropped %d with a speaker who follows itself and %d with fewer than %d rounds\n",
		tally.Read, tally.Repeated, tally.Short, o.cut.MinRounds)
	fmt.Fprintf(w.stdout, "%s: %d requests of %d conversations; warmup.json: %d\n", sharegpt.In(o.outputDir).Run, tally.Requests, tally.Conversations, tally.WarmUps)
	o.finish(w, counter)
	if o.cut.StartRound <= 1 {
		fmt.Fprintf(w.stderr, "note: no round comes before --start_round %d, so round 1 warms up and is sent again: the engine may then have it in its cache\n", o.cut.StartRound)
	}
	return nil
}

// makeWhole writes all conversations to one file.
func (o *options) makeWhole(ctx context.Context, w *world, input *file, counter *locate.Counter) error {
	var tally sharegpt.Tally
	err := sharegpt.WriteFile(o.whole, func(to *os.File) (err error) {
		tally, err = sharegpt.Whole(ctx, input, counter.Count, to, input.meter.tell)
		return err
	})
	input.meter.end()
	if err != nil {
		return fmt.Errorf("%s: %w", input.File.Name(), err)
	}
	fmt.Fprintf(w.stdout, "%s: %d of %d conversations\n", o.whole, tally.Conversations, tally.Read)
	o.finish(w, counter)
	return nil
}

// finish says where the counts come from.
func (o *options) finish(w *world, counter *locate.Counter) {
	fmt.Fprintf(w.stdout, "tokens counted by %s\n", counter.From)
	if counter.Approximate {
		fmt.Fprintln(w.stdout, "these counts are APPROXIMATE")
	}
}
