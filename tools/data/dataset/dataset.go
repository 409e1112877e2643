// Package dataset provides the data sets of vLLM's serving benchmark and makes prompts
// of them.
//
// Prompts are made as vLLM makes them, with the same draws of Python's and numpy's
// random numbers: for the same tokenizer and file, a seed gives the same prompts.
//
// To add a data set, write a file with a type that implements Dataset and add the type
// to All.
package dataset

import (
	"context"
	"fmt"
)

// A Dataset makes requests. Its fields are its options.
type Dataset interface {
	// Info describes the data set with its present options.
	Info() Info

	// Options declares the flags that set the data set's fields.
	Options() []Option

	// Check reports options, or a path, that cannot work.
	Check(path string) error

	// Requests makes n requests. If the data set has fewer, some repeat.
	Requests(ctx context.Context, in *Input, n int) ([]Request, error)
}

// All returns every data set, each with empty options. Its order is that of the flags
// in the help.
func All() []Dataset {
	return []Dataset{&Custom{}, &Sonnet{}, &ShareGPT{}, &BurstGPT{}, &Random{}, &Hub{}}
}

// Info describes a data set.
type Info struct {
	Name    string // as given on the command line
	Source  Source
	Public  string // URL of the public file, used if no path is given
	Bundled string // file of LMBench that is preferred to the public one

	NeedsTemplate bool // prompts need the model's chat template
	Synthetic     bool // prompts are composed of tokens or words, not taken from the source
	Distinct      bool // prompts share no prefix, so that no cache has them
}

// Source is the kind of place that a data set's path names.
type Source int

const (
	NoSource   Source = iota // the data set needs no path
	File                     // a local file
	Repository               // a data set on the Hugging Face hub
)

// Option is a field of a data set that a flag sets.
type Option struct {
	Flag    string
	Field   any    // *int, *float64 from 0 to below 1, *bool or *string
	Min     int    // smallest value of an *int
	Default string // empty if the flag is optional
	Help    string
}

// Input is what a data set makes requests from.
type Input struct {
	Path    string // as the data set's Source says
	Draws   *Draws
	Model   *Model
	Chat    bool         // requests go to a chat API, which applies the chat template itself
	Cache   *Cache       // of files from the hub
	Note    func(string) // gets what the user should know of the file; nil discards it
	Parquet []string     // command that prints columns of a Parquet file as JSON lines
}

// note tells the user about the file.
func (in *Input) note(text string) {
	if in.Note != nil {
		in.Note(text)
	}
}

// Request is a prompt and the answer that it asks for.
type Request struct {
	Prompt       string
	PromptTokens int // counted by the client's tokenizer, or the length the prompt was made for
	OutputTokens int // maximum
}

// limits says which requests of a data set are usable.
type limits struct {
	minTokens            int // of the prompt, and of the answer unless anyOutput
	maxPrompt, maxTokens int // of the prompt, and of both
	anyOutput            bool
}

// conversational returns vLLM's limits for ShareGPT.
func conversational() limits { return limits{minTokens: 4, maxPrompt: 1024, maxTokens: 2048} }

func (l limits) allow(promptTokens, outputTokens int) bool {
	return promptTokens >= l.minTokens && (l.anyOutput || outputTokens >= l.minTokens) &&
		promptTokens <= l.maxPrompt && promptTokens+outputTokens <= l.maxTokens
}

// errUnusable reports a data set without usable entries.
func errUnusable(path string, read int, why string) error {
	return fmt.Errorf("%s: none of its %d entries is usable: %s", path, read, why)
}
