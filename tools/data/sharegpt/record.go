// Package sharegpt reads the ShareGPT data set, conversations of people with a
// model, and splits them into requests.
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

// A Record is one conversation of the file.
type Record struct {
	ID    json.RawMessage // as in the file; nil if absent
	Turns []Turn
}

// A Turn is one message of a conversation.
type Turn struct {
	From      string // human, gpt, or rarely another speaker
	Value     string
	NumTokens *int `json:"num_tokens"` // length of Value; nil if the file does not have it
}

// Human reports whether the turn is a person's.
func (t *Turn) Human() bool { return strings.ToLower(t.From) == "human" }

// GPT reports whether the turn is the model's.
func (t *Turn) GPT() bool { return strings.ToLower(t.From) == "gpt" }

// needsCount reports whether the turn's tokens are counted. Only this comparison
// is case-sensitive, as in LMBench's own scripts.
func (t *Turn) needsCount() bool { return t.From == "gpt" }

// Alternates reports whether no two successive turns have the same speaker.
func (r *Record) Alternates() bool {
	for i := 1; i < len(r.Turns); i++ {
		if r.Turns[i].From == r.Turns[i-1].From {
			return false
		}
	}
	return true
}

// Read yields the records of a file and holds only one of them in memory. An
// error is yielded once and last, with the record's number, counted from 1.
func Read(r io.Reader) iter.Seq2[*Record, error] {
	return func(yield func(*Record, error) bool) {
		decoder := json.NewDecoder(bufio.NewReaderSize(r, 1<<20))
		if start, err := decoder.Token(); err != nil || start != json.Delim('[') {
			if err == nil || errors.Is(err, io.EOF) {
				err = errors.New("the file does not start with [")
			}
			yield(nil, fmt.Errorf("want a list of conversations: %w", err))
			return
		}
		n := 1
		for ; decoder.More(); n++ {
			record, err := next(decoder)
			if err != nil {
				yield(nil, fmt.Errorf("record %d: %w", n, err))
				return
			}
			if !yield(record, nil) {
				return
			}
		}
		if _, err := decoder.Token(); err != nil {
			yield(nil, fmt.Errorf("record %d: %w", n, explainEOF(err)))
		} else if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
			yield(nil, fmt.Errorf("unexpected data after record %d, where the list ends", n-1))
		}
	}
}

// next decodes and validates one record.
func next(decoder *json.Decoder) (*Record, error) {
	var raw struct {
		ID            json.RawMessage
		Conversations []struct {
			From, Value *string
			NumTokens   *int `json:"num_tokens"`
		}
	}
	if err := decoder.Decode(&raw); err != nil {
		return nil, explainEOF(err)
	}
	if raw.Conversations == nil {
		return nil, errors.New("no member conversations")
	}
	record := &Record{ID: raw.ID, Turns: make([]Turn, len(raw.Conversations))}
	for i, turn := range raw.Conversations {
		if turn.From == nil || turn.Value == nil {
			return nil, fmt.Errorf("turn %d lacks from or value", i+1)
		}
		record.Turns[i] = Turn{*turn.From, *turn.Value, turn.NumTokens}
	}
	return record, nil
}

// explainEOF replaces the error of a file that ends within its JSON.
func explainEOF(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return errors.New("unexpected end of file: was it downloaded completely?")
	}
	return err
}
