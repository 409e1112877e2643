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
	"math"
	"strings"

	"github.com/LMCache/LMBench/tools/data/userfile"
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

// Read yields the records of a file and holds only one of them in memory. Records
// that are no conversations are left out and passed to leftOut. An error is yielded
// once and last. Both errors have the record's number, counted from 1.
func Read(r io.Reader, leftOut func(error)) iter.Seq2[*Record, error] {
	return func(yield func(*Record, error) bool) {
		decoder := json.NewDecoder(bufio.NewReaderSize(userfile.WithoutMark(r), 1<<20))
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
			if bad, ok := errors.AsType[*badRecord](err); ok {
				leftOut(fmt.Errorf("record %d: %w", n, bad))
				continue
			}
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

// A badRecord is valid JSON, but no conversation.
type badRecord struct{ error }

// rawTurn is a turn of any known form: from and value as in ShareGPT, role and
// content as in OpenAI's messages. A value of another type costs only its record.
type rawTurn struct {
	From, Role           any
	Value, Content, Text any
	NumTokens            any `json:"num_tokens"`
}

// next decodes and validates one record.
func next(decoder *json.Decoder) (*Record, error) {
	var raw struct {
		ID            json.RawMessage
		Conversations []rawTurn
		Conversation  json.RawMessage
		Messages      json.RawMessage
	}
	err := decoder.Decode(&raw)
	if _, wrongType := errors.AsType[*json.UnmarshalTypeError](err); wrongType {
		return nil, &badRecord{err}
	}
	if err != nil {
		return nil, explainEOF(err)
	}
	for _, other := range []json.RawMessage{raw.Messages, raw.Conversation} {
		if raw.Conversations == nil && json.Unmarshal(other, &raw.Conversations) != nil {
			raw.Conversations = nil // absent, or of another type
		}
	}
	if raw.Conversations == nil {
		return nil, &badRecord{errors.New("no member conversations")}
	}
	record := &Record{ID: raw.ID, Turns: make([]Turn, len(raw.Conversations))}
	for i := range raw.Conversations {
		turn, err := raw.Conversations[i].turn()
		if err != nil {
			return nil, &badRecord{fmt.Errorf("turn %d %w", i+1, err)}
		}
		record.Turns[i] = turn
	}
	return record, nil
}

func (r *rawTurn) turn() (t Turn, err error) {
	from, hasFrom := firstText(r.From, r.Role)
	value, hasValue := firstText(r.Value, r.Content, r.Text)
	if !hasFrom || !hasValue {
		return t, errors.New("lacks from or value as a string")
	}
	t = Turn{From: from, Value: value}
	if r.NumTokens != nil {
		n, isNumber := r.NumTokens.(float64)
		if !isNumber || n != math.Trunc(n) || math.Abs(n) > math.MaxInt32 {
			return t, fmt.Errorf("has num_tokens %v: want a whole number", r.NumTokens)
		}
		tokens := int(n)
		t.NumTokens = &tokens
	}
	return t, nil
}

// firstText returns the first value that is present, which has to be a string.
func firstText(values ...any) (string, bool) {
	for _, v := range values {
		if v != nil {
			text, ok := v.(string)
			return text, ok
		}
	}
	return "", false
}

// renameSpeakers gives the speakers of other data sets their names in ShareGPT, and
// reports whether there were any.
func (r *Record) renameSpeakers() bool {
	found := false
	for i := range r.Turns {
		switch strings.ToLower(r.Turns[i].From) {
		case "user", "prompter":
			r.Turns[i].From, found = "human", true
		case "assistant", "model", "chatgpt", "bing", "bard", "bot", "ai":
			r.Turns[i].From, found = "gpt", true
		}
	}
	return found
}

// explainEOF replaces the error of a file that ends within its JSON.
func explainEOF(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return errors.New("unexpected end of file: was it downloaded completely?")
	}
	return err
}
