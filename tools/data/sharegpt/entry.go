// Package sharegpt is the ShareGPT file: conversations of people with a model,
// read, cleaned, and cut into rounds.
package sharegpt

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
)

// Entry is one conversation of the file.
type Entry struct {
	ID    json.RawMessage // as it is in the file; nil: there is none
	Turns []Turn
}

// Turn is what one speaker says at a time.
type Turn struct {
	From      string // human, gpt, and now and then another
	Value     string
	NumTokens *int `json:"num_tokens"` // of Value; nil: nobody has counted them
}

// Human tells whether a person speaks.
func (t *Turn) Human() bool { return strings.ToLower(t.From) == "human" }

// GPT tells whether the model speaks.
func (t *Turn) GPT() bool { return strings.ToLower(t.From) == "gpt" }

// counted tells whether the turn's tokens are counted. Unlike elsewhere, case
// counts: it did in the scripts that this follows.
func (t *Turn) counted() bool { return t.From == "gpt" }

// Alternates tells whether no speaker follows itself.
func (e *Entry) Alternates() bool {
	for i := 1; i < len(e.Turns); i++ {
		if e.Turns[i].From == e.Turns[i-1].From {
			return false
		}
	}
	return true
}

// Read yields the entries of a file, one after the other: a file is never in
// memory whole. An error is yielded once and last, with the entry's number,
// counted from 1.
func Read(r io.Reader) iter.Seq2[*Entry, error] {
	return func(yield func(*Entry, error) bool) {
		decoder := json.NewDecoder(bufio.NewReaderSize(r, 1<<20))
		if start, err := decoder.Token(); err != nil || start != json.Delim('[') {
			if err == nil || errors.Is(err, io.EOF) {
				err = errors.New("it does not start with [")
			}
			yield(nil, fmt.Errorf("want a list of conversations: %w", err))
			return
		}
		n := 1
		for ; decoder.More(); n++ {
			entry, err := next(decoder)
			if err != nil {
				yield(nil, fmt.Errorf("entry %d: %w", n, err))
				return
			}
			if !yield(entry, nil) {
				return
			}
		}
		if _, err := decoder.Token(); err != nil {
			yield(nil, fmt.Errorf("entry %d: %w", n, whole(err)))
		} else if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
			yield(nil, fmt.Errorf("after entry %d: there is more after the list", n-1))
		}
	}
}

func next(decoder *json.Decoder) (*Entry, error) {
	var raw struct {
		ID            json.RawMessage
		Conversations []struct {
			From, Value *string
			NumTokens   *int `json:"num_tokens"`
		}
	}
	if err := decoder.Decode(&raw); err != nil {
		return nil, whole(err)
	}
	if raw.Conversations == nil {
		return nil, errors.New("it has no conversations")
	}
	entry := &Entry{ID: raw.ID, Turns: make([]Turn, len(raw.Conversations))}
	for i, turn := range raw.Conversations {
		if turn.From == nil || turn.Value == nil {
			return nil, fmt.Errorf("turn %d has no from or no value", i+1)
		}
		entry.Turns[i] = Turn{*turn.From, *turn.Value, turn.NumTokens}
	}
	return entry, nil
}

// whole says what an early end means.
func whole(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return errors.New("the file ends within it: was its download cut?")
	}
	return err
}
