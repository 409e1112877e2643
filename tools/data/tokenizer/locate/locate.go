// Package locate finds the tokenizer of a model, or the next best way to count its
// tokens.
package locate

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"time"
	"unicode/utf8"

	"github.com/LMCache/LMBench/tools/data/hub"
	"github.com/LMCache/LMBench/tools/data/tokenizer"
)

// Source says where to look for a model's tokenizer.
type Source struct {
	// File is a tokenizer.json, the folder that holds one, or Approximate. If it is
	// empty, Find searches.
	File     string
	Model    string // name on the Hugging Face hub, or a folder
	Revision string // branch, tag or commit on the hub; empty means main
	Engine   Engine // serves the model; zero if there is no engine

	Getenv    func(string) string // reads HF_HOME, HF_TOKEN, HF_ENDPOINT and others
	Transport http.RoundTripper   // for the hub; nil uses the environment's proxies
	Log       io.Writer           // receives the reasons why places were skipped
}

// Approximate, as Source.File, asks for the approximation.
const Approximate = "approximate"

// CountFunc returns the number of tokens of a text, without special tokens around it.
type CountFunc = func(ctx context.Context, text string) (int, error)

// Engine counts tokens by asking a serving engine.
type Engine struct {
	Name  string // for people, e.g. the URL
	Count CountFunc
}

// A Counter counts the tokens of texts. Goroutines may share it.
type Counter struct {
	Count       CountFunc
	Tokenizer   *tokenizer.Tokenizer // nil if only Count is available
	From        string               // for people: a file, the hub, an engine, or approximation
	Revision    string               // commit on the hub; empty for other places
	Approximate bool                 // counts are estimates
}

// Find tries, in this order: the named file, the local Hugging Face cache, the hub, the
// engine, and finally an approximation. It fails if the hub denies access to the model:
// estimates would hide that HF_TOKEN is missing or wrong.
func (s *Source) Find(ctx context.Context) (*Counter, error) {
	if s.File == Approximate {
		return approximation(), nil
	}
	if s.File != "" {
		return fromFile(s.File, "")
	}
	if info, err := os.Stat(filepath.Join(s.Model, fileName)); err == nil && !info.IsDir() {
		return fromFile(s.Model, "")
	}
	remote, err := s.remote()
	if err != nil {
		return nil, err
	}
	if path, commit := remote.cached(); path != "" {
		return fromFile(path, commit)
	}
	for _, find := range []func(context.Context) (*Counter, error){remote.find, s.askEngine} {
		found, err := find(ctx)
		var denied *deniedError
		switch {
		case err == nil && found != nil:
			return found, nil
		case errors.As(err, &denied), ctx.Err() != nil:
			return nil, err
		case err != nil:
			fmt.Fprintln(s.Log, err)
		}
	}
	fmt.Fprintf(s.Log, "no tokenizer found for %s: token counts are APPROXIMATE; --tokenizer FILE names a tokenizer.json\n", s.Model)
	return approximation(), nil
}

// fileName is the name of a tokenizer's file in every place.
const fileName = "tokenizer.json"

// fromFile loads a tokenizer.json, or the one in a folder.
func fromFile(path, commit string) (*Counter, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		path = filepath.Join(path, fileName)
	}
	t, err := tokenizer.Load(path)
	if err != nil {
		return nil, fmt.Errorf("tokenizer: %w", err)
	}
	return exact(t, path, commit), nil
}

func exact(t *tokenizer.Tokenizer, from, commit string) *Counter {
	count := func(_ context.Context, text string) (int, error) { return t.Count(text), nil }
	return &Counter{Count: count, Tokenizer: t, From: from, Revision: commit}
}

func (s *Source) remote() (*remote, error) {
	at, err := hub.FromEnv(s.Getenv)
	at.Transport = s.Transport
	return &remote{Hub: at, model: s.Model, revision: cmp.Or(s.Revision, "main"), getenv: s.Getenv, log: s.Log}, err
}

// askEngine checks that the engine counts tokens. It returns nil if there is no engine.
func (s *Source) askEngine(ctx context.Context) (*Counter, error) {
	if s.Engine.Count == nil {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	if _, err := s.Engine.Count(ctx, "hello"); err != nil {
		return nil, fmt.Errorf("counting tokens with the engine: %w", err)
	}
	return &Counter{Count: s.Engine.Count, From: s.Engine.Name}, nil
}

// approximation returns a counter that estimates one token for every four ASCII
// characters and one for every other character. For English it is off by about 10 %;
// for code and other languages it can be off by much more.
func approximation() *Counter {
	count := func(_ context.Context, text string) (int, error) {
		ascii, others := 0, 0
		for _, r := range text {
			if r < utf8.RuneSelf {
				ascii++
			} else {
				others++
			}
		}
		return (ascii+3)/4 + others, nil
	}
	return &Counter{Count: count, From: "approximation", Approximate: true}
}
