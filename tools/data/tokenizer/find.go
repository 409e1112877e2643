package tokenizer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"

	"github.com/LMCache/LMBench/tools/data/hub"
)

// Source is where a model's tokenizer may be found.
type Source struct {
	// File is a tokenizer.json, the folder that holds one, or Approximate;
	// "": it is looked for.
	File string
	// Model is the model's name on the Hugging Face hub, or a folder.
	Model    string
	Revision string // on the hub: a branch, tag or commit; "": main
	Engine   string // URL of an engine that serves the model, with or without /v1; "": there is none
	APIKey   string // of the engine

	Getenv    func(string) string // HF_HOME, HF_TOKEN, HF_ENDPOINT …
	Transport http.RoundTripper   // nil: as the environment says, proxies included
	ToEngine  http.RoundTripper   // nil: Transport
	Log       io.Writer           // is told which ways failed
}

// Approximate is the Source.File that asks for the approximation.
const Approximate = "approximate"

// Found is a way to count the tokens of a text.
type Found struct {
	// Count is the number of tokens of a text, without special ones around it.
	// Any number of goroutines may call it.
	Count func(ctx context.Context, text string) (int, error)

	Tokenizer   *Tokenizer // nil: counting is all it does
	From        string     // for people: a file, the hub, an engine, the approximation
	Revision    string     // the hub's commit; "": it is not from there
	Approximate bool       // its counts are guesses
}

// Find tries a file that was named; else the local Hugging Face cache, the
// hub, the engine, and at last an approximation. A hub that wants another
// HF_TOKEN is an error: nobody wants guesses in its place.
func (s *Source) Find(ctx context.Context) (*Found, error) {
	if s.File == Approximate {
		return approximation(), nil
	}
	if s.File != "" {
		return fromFile(s.File, "")
	}
	if info, err := os.Stat(filepath.Join(s.Model, name)); err == nil && !info.IsDir() {
		return fromFile(s.Model, "")
	}
	remote, err := s.remote()
	if err != nil {
		return nil, err
	}
	if path, commit := remote.cached(); path != "" {
		return fromFile(path, commit)
	}
	for _, way := range []func(context.Context) (*Found, error){remote.find, s.engine} {
		found, err := way(ctx)
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
	fmt.Fprintf(s.Log, "no tokenizer for %s was found: token counts are APPROXIMATE. --tokenizer FILE names a tokenizer.json\n", s.Model)
	return approximation(), nil
}

// name is the file's name everywhere.
const name = "tokenizer.json"

// fromFile loads a file, or the one in a folder.
func fromFile(path, commit string) (*Found, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		path = filepath.Join(path, name)
	}
	t, err := Load(path)
	if err != nil {
		return nil, fmt.Errorf("tokenizer: %w", err)
	}
	count := func(_ context.Context, text string) (int, error) { return t.Count(text), nil }
	return &Found{Count: count, Tokenizer: t, From: path, Revision: commit}, nil
}

func (s *Source) remote() (*remote, error) {
	at, err := hub.Of(s.Getenv)
	at.Transport = s.Transport
	return &remote{Hub: at, model: s.Model, revision: cmp.Or(s.Revision, "main"), getenv: s.Getenv, log: s.Log}, err
}
