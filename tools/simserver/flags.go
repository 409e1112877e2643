package main

import (
	_ "embed"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/LMCache/LMBench/tools/command"
	"github.com/LMCache/LMBench/tools/engine/simengine"
)

//go:embed help.txt
var help string

// options are the command line.
type options struct {
	listen  string
	urlFile string
	engine  simengine.Config
}

// defaults returns options for an engine of medium speed with a large cache.
func defaults() *options {
	return &options{
		listen: "127.0.0.1:30080",
		engine: simengine.Config{
			MaxModelLen:  simengine.DefaultMaxModelLen,
			ChatTokens:   simengine.DefaultChatTokens,
			BaseTTFT:     30 * time.Millisecond,
			PrefillPer1k: 100 * time.Millisecond,
			ITL:          20 * time.Millisecond,
			MaxBatch:     simengine.DefaultMaxBatch,
			BlockSize:    simengine.DefaultBlockSize,
			CacheBlocks:  65536,
		},
	}
}

// Categories of flags in the help.
const (
	address = "address"
	answers = "answers"
	speed   = "speed"
	cache   = "cache"
	faults  = "faults"
)

// flags returns the flags that set o. Invalid values are collected in problems, so that
// all are reported at once.
func flags(o *options, problems *[]error) []cli.Flag {
	e := &o.engine
	flag := func(name, category, usage string, v *value) cli.Flag {
		v.name, v.problems = name, problems
		return &cli.GenericFlag{Name: name, Category: category, Usage: usage, Value: v}
	}
	return []cli.Flag{
		flag("listen", address, "`ADDRESS` host:port to listen on; port 0 takes a free one", text(&o.listen)),
		flag("url-file", address, "`FILE` file for the URL, written once the server listens and removed at the end", text(&o.urlFile)),
		flag("model", answers, "`NAME` model to serve, may be repeated; without it every name is accepted", list(&e.Models)),
		flag("max-model-len", answers, "`N` limit of tokens, prompt and answer together", integer(&e.MaxModelLen)),
		flag("chat-tokens", answers, "`N` tokens of a chat answer without max_tokens", integer(&e.ChatTokens)),
		flag("stop-after", answers, "`N` tokens after which every answer ends; 0: only max_tokens limits it", integer(&e.StopAfter)),
		flag("base-ttft", speed, "`DURATION` time to the first token of an empty prompt", duration(&e.BaseTTFT)),
		flag("prefill-per-1k", speed, "`DURATION` added for every 1000 prompt tokens that are not in the prefix cache", duration(&e.PrefillPer1k)),
		flag("itl", speed, "`DURATION` time between two tokens", duration(&e.ITL)),
		flag("max-batch", speed, "`N` requests that run at once, others wait", integer(&e.MaxBatch)),
		flag("jitter", speed, "`FRACTION` every time varies by up to this fraction, 0 to 1", fraction(&e.Jitter)),
		flag("seed", speed, "`N` seed of the jitter", natural(&e.Seed)),
		flag("block-size", cache, "`N` tokens per block", integer(&e.BlockSize)),
		flag("cache-blocks", cache, "`N` blocks that the cache holds, least recently used are evicted; 0: no cache", integer(&e.CacheBlocks)),
		flag("fail-every", faults, "`N` answer with status 500", integer(&e.FailEvery)),
		flag("hang-every", faults, "`N` send nothing until the client disconnects", integer(&e.HangEvery)),
		flag("cut-every", faults, "`N` close the connection after half of the answer", integer(&e.CutEvery)),
		flag("error-event-every", faults, "`N` send an error event after half of the answer", integer(&e.ErrorEventEvery)),
		flag("no-usage-every", faults, "`N` leave out the usage", integer(&e.NoUsageEvery)),
	}
}

// newApp returns the command. start gets the options and their engine, once they are
// valid.
func newApp(start func(*options, http.Handler) error) *cli.App {
	o := defaults()
	var problems []error
	return &cli.App{
		Name:  "simserver",
		Flags: flags(o, &problems),
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				problems = append(problems, fmt.Errorf("unexpected argument %q", c.Args().First()))
			}
			engine, err := simengine.New(o.engine)
			if err := errors.Join(append(problems, err)...); err != nil {
				return command.Usage(err)
			}
			return start(o, engine)
		},
	}
}

// value is a flag's value. It reports an invalid one later, because package flag stops
// at the first error.
type value struct {
	name     string
	set      func(string) error
	text     string // the default
	problems *[]error
}

func (v *value) Set(given string) error {
	if err := v.set(given); err != nil {
		*v.problems = append(*v.problems, fmt.Errorf("--%s: %w, got %q", v.name, err, given))
	}
	return nil
}

func (v *value) String() string { return v.text }

func text(target *string) *value {
	return &value{text: *target, set: func(given string) error { *target = given; return nil }}
}

func list(target *[]string) *value {
	return &value{set: func(given string) error { *target = append(*target, given); return nil }}
}

func integer(target *int) *value { return parsed(target, strconv.Atoi, "want an integer") }

func natural(target *uint64) *value {
	return parsed(target, func(given string) (uint64, error) { return strconv.ParseUint(given, 10, 64) }, "want an integer from 0 on")
}

func fraction(target *float64) *value {
	return parsed(target, func(given string) (float64, error) { return strconv.ParseFloat(given, 64) }, "want a number")
}

func duration(target *time.Duration) *value {
	return parsed(target, time.ParseDuration, "want a duration like 50ms or 1.5s")
}

// parsed returns a value that changes its target if parse succeeds.
func parsed[T any](target *T, parse func(string) (T, error), want string) *value {
	return &value{text: fmt.Sprint(*target), set: func(given string) error {
		v, err := parse(given)
		if err != nil {
			return errors.New(want)
		}
		*target = v
		return nil
	}}
}
