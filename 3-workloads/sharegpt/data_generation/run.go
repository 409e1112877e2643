package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"

	"github.com/LMCache/LMBench/tools/command"
	"github.com/LMCache/LMBench/tools/data/hub"
	"github.com/LMCache/LMBench/tools/data/sharegpt"
	"github.com/LMCache/LMBench/tools/data/tokenizer/locate"
	"github.com/LMCache/LMBench/tools/engine/openai"
)

// env is the command's environment.
type env struct {
	stdout, stderr io.Writer
	terminal       bool // stderr is a terminal
	getenv         func(string) string
	transport      http.RoundTripper // of downloads; nil: the hub's default
	cacheDir       string            // of the downloaded file
	outputDir      string            // default of --output-dir
}

// start runs the command in the environment of this process.
func start(ctx context.Context, args []string, s command.Streams) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	info, err := os.Stderr.Stat()
	return run(ctx, args, &env{
		stdout: s.Out, stderr: s.Err, terminal: err == nil && info.Mode()&os.ModeCharDevice != 0, getenv: os.Getenv,
		cacheDir: filepath.Dir(program), outputDir: filepath.Dir(filepath.Dir(program)),
	})
}

// run is the whole command.
func run(ctx context.Context, args []string, e *env) error {
	o, err := parse(ctx, args, e)
	if err != nil {
		return command.WithCode(1, err) // also for usage errors, as LMBench's script
	}
	if o == nil {
		return nil
	}
	source := locate.Source{
		File: o.tokenizer, Model: o.model, Revision: o.modelRev, Engine: o.engineCounter(),
		Getenv: e.getenv, Transport: e.transport, Log: e.stderr,
	}
	counter, err := source.Find(ctx)
	if err != nil {
		return err
	}
	input, err := o.open(ctx, e)
	if err != nil {
		return err
	}
	defer input.Close()
	if o.allFile != "" {
		return o.writeAll(ctx, e, input, counter)
	}
	return o.writeRequests(ctx, e, input, counter)
}

// engineCounter returns a counter that asks the serving engine of --engine-url, if any.
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

// inputFile is a file that shows the progress of reading it.
type inputFile struct {
	*os.File
	name     string // as recorded in the parameters
	sha256   string // of a downloaded file
	progress *progressLine
}

// Seek implements io.Seeker. The progress starts again.
func (f *inputFile) Seek(offset int64, whence int) (int64, error) {
	at, err := f.File.Seek(offset, whence)
	f.progress.set(at, f.progress.size)
	return at, err
}

func (f *inputFile) Read(p []byte) (int, error) {
	n, err := f.File.Read(p)
	f.progress.add(int64(n))
	return n, err
}

// open opens the input file, which it downloads first unless --input names one.
func (o *options) open(ctx context.Context, e *env) (*inputFile, error) {
	f := &inputFile{name: filepath.Base(o.input)}
	path := o.input
	if path == "" {
		shown := &progressLine{env: e, activity: "downloading the ShareGPT file"}
		from, err := hub.FromEnv(e.getenv)
		if err != nil {
			return nil, err
		}
		from.Transport = e.transport
		got, err := sharegpt.Download(ctx, &from, o.revision, e.cacheDir, e.stderr, shown.set)
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
	f.progress = &progressLine{env: e, activity: "reading conversations"}
	if info, err := f.Stat(); err == nil {
		f.progress.size = info.Size()
	}
	return f, nil
}

// writeRequests writes run.json, warmup.json, turns.json and run.params.json.
func (o *options) writeRequests(ctx context.Context, e *env, input *inputFile, counter *locate.Counter) error {
	params := sharegpt.Params{
		Model: o.model, Input: input.name, InputSHA256: input.sha256,
		Tokenizer: counter.From, TokenizerRevision: counter.Revision, Approximate: counter.Approximate,
	}
	stats, err := sharegpt.Prepare(ctx, o.selection, input, counter.Count, o.outputDir, params, input.progress.setStats)
	input.progress.end()
	if err != nil {
		return fmt.Errorf("%s: %w", input.File.Name(), err)
	}
	printLeftOut(e, stats)
	if stats.Renamed {
		fmt.Fprintln(e.stdout, "no conversation has enough turns of human and gpt, so user is read as human, and assistant, model, chatgpt, bing, bard, bot and ai as gpt")
	}
	fmt.Fprintf(e.stdout, "read %d conversations, dropped %d in which one speaker has two turns in a row and %d with fewer than %d rounds\n",
		stats.Read, stats.Repeated, stats.Short, o.selection.MinRounds)
	fmt.Fprintf(e.stdout, "%s: %d requests of %d conversations; warmup.json: %d requests\n", sharegpt.FilesIn(o.outputDir).Run, stats.Requests, stats.Conversations, stats.WarmUps)
	o.printCounter(e, counter)
	if o.selection.StartRound <= 1 {
		fmt.Fprintf(e.stderr, "note: no round precedes --start_round %d, so round 1 is in warmup.json and in run.json: the engine may answer it from its cache\n", o.selection.StartRound)
	}
	return nil
}

// writeAll writes all conversations to one file.
func (o *options) writeAll(ctx context.Context, e *env, input *inputFile, counter *locate.Counter) error {
	var stats sharegpt.Stats
	err := sharegpt.WriteFile(o.allFile, func(to io.Writer) (err error) {
		stats, err = sharegpt.WriteAll(ctx, input, counter.Count, to, input.progress.setStats)
		return err
	})
	input.progress.end()
	if err != nil {
		return fmt.Errorf("%s: %w", input.File.Name(), err)
	}
	printLeftOut(e, stats)
	fmt.Fprintf(e.stdout, "%s: %d of %d conversations\n", o.allFile, stats.Conversations, stats.Read)
	o.printCounter(e, counter)
	return nil
}

// printLeftOut prints which records of the file are no conversations.
func printLeftOut(e *env, stats sharegpt.Stats) {
	if stats.LeftOut > 0 {
		fmt.Fprintf(e.stderr, "warning: left out %d records that are no conversations, the first: %s\n", stats.LeftOut, stats.FirstLeftOut)
	}
}

// printCounter prints how tokens were counted.
func (o *options) printCounter(e *env, counter *locate.Counter) {
	fmt.Fprintf(e.stdout, "tokens counted by %s\n", counter.From)
	if counter.Approximate {
		fmt.Fprintln(e.stdout, "token counts are APPROXIMATE")
	}
}
