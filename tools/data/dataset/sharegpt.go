package dataset

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/LMCache/LMBench/tools/data/userfile"
)

// ShareGPT makes prompts of the first questions of conversations, a JSON list. Each asks
// for an answer as long as the recorded one.
type ShareGPT struct {
	OutputLen int // tokens of all answers; 0 takes the recorded lengths
}

// Info implements Dataset.
func (s *ShareGPT) Info() Info {
	return Info{Name: "sharegpt", Source: File,
		Public: "https://huggingface.co/datasets/anon8231489123/ShareGPT_Vicuna_unfiltered/resolve/main/ShareGPT_V3_unfiltered_cleaned_split.json"}
}

// Options implements Dataset.
func (s *ShareGPT) Options() []Option {
	return []Option{{Flag: "sharegpt-output-len", Field: &s.OutputLen, Min: 1, Help: "sharegpt: tokens of an answer, otherwise as in the file"}}
}

// Check implements Dataset.
func (s *ShareGPT) Check(string) error { return nil }

// exchange is the first question of a conversation and its answer.
type exchange struct{ question, answer string }

// Requests implements Dataset.
func (s *ShareGPT) Requests(ctx context.Context, in *Input, n int) ([]Request, error) {
	file, err := os.Open(in.Path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	exchanges, err := readShareGPT(file, in.note)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", in.Path, err)
	}
	in.Draws.reseed()
	in.Draws.Python.Shuffle(len(exchanges), func(i, j int) { exchanges[i], exchanges[j] = exchanges[j], exchanges[i] })
	limits := conversational()
	limits.anyOutput = s.OutputLen > 0
	var requests []Request
	for _, e := range exchanges {
		if len(requests) == n {
			break
		}
		promptTokens, err := in.Model.count(ctx, e.question)
		if err != nil {
			return nil, err
		}
		outputTokens := s.OutputLen
		if outputTokens == 0 {
			if outputTokens, err = in.Model.count(ctx, e.answer); err != nil {
				return nil, err
			}
		}
		if limits.allow(promptTokens, outputTokens) {
			requests = append(requests, Request{e.question, promptTokens, outputTokens})
		}
	}
	if len(requests) == 0 {
		return nil, errUnusable(in.Path, len(exchanges), fmt.Sprintf("prompts need %d to %d tokens, answers at least %d, both together at most %d",
			limits.minTokens, limits.maxPrompt, limits.minTokens, limits.maxTokens))
	}
	return in.Draws.fill(requests, n), nil
}

// readShareGPT reads the first two turns of every conversation that has them. It keeps
// one entry at a time in memory, because the public file has 650 MB.
func readShareGPT(file io.Reader, note func(string)) (exchanges []exchange, err error) {
	in := json.NewDecoder(userfile.WithoutMark(file))
	if start, err := in.Token(); err != nil || start != json.Delim('[') {
		return nil, errors.New("want a JSON list of conversations")
	}
	leftOut, first := 0, error(nil)
	for number := 1; in.More(); number++ {
		var entry struct {
			Conversations []struct {
				Value         string
				Content, Text any // names of the value in other data sets
			}
		}
		err := in.Decode(&entry)
		if _, wrongType := errors.AsType[*json.UnmarshalTypeError](err); wrongType {
			if leftOut++; leftOut == 1 {
				first = fmt.Errorf("entry %d: %w", number, err)
			}
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("entry %d: %w", number, err)
		}
		if turns := entry.Conversations; len(turns) >= 2 {
			text := func(i int) string {
				content, _ := turns[i].Content.(string)
				other, _ := turns[i].Text.(string)
				return cmp.Or(turns[i].Value, content, other)
			}
			exchanges = append(exchanges, exchange{text(0), text(1)})
		}
	}
	if _, err := in.Token(); err != nil {
		return nil, fmt.Errorf("the list is truncated: %w", err)
	}
	if len(exchanges) == 0 {
		err := errors.New("no entry has a conversation of two turns")
		if leftOut > 0 {
			err = fmt.Errorf("%w; %d entries left out, the first: %w", err, leftOut, first)
		}
		return nil, err
	}
	if leftOut > 0 {
		note(fmt.Sprintf("left out %d entries that are no conversations, the first: %v", leftOut, first))
	}
	return exchanges, nil
}
