package dataset

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// ShareGPT are the first questions of conversations, each with an answer as
// long as the one it got.
type ShareGPT struct {
	Path      string // JSON: a list of entries with conversations
	OutputLen int    // of all answers; 0: as in the file
}

// exchange is the start of a conversation.
type exchange struct{ question, answer string }

// Requests makes n, some more than once if the file has fewer.
func (s ShareGPT) Requests(ctx context.Context, d *Draws, m *Model, n int) ([]Request, error) {
	file, err := os.Open(s.Path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	exchanges, err := readShareGPT(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.Path, err)
	}
	d.reseed()
	d.Python.Shuffle(len(exchanges), func(i, j int) { exchanges[i], exchanges[j] = exchanges[j], exchanges[i] })
	allowed := conversational()
	allowed.anyOutput = s.OutputLen > 0
	var requests []Request
	for _, e := range exchanges {
		if len(requests) == n {
			break
		}
		promptTokens, err := m.count(ctx, e.question)
		if err != nil {
			return nil, err
		}
		outputTokens := s.OutputLen
		if outputTokens == 0 {
			if outputTokens, err = m.count(ctx, e.answer); err != nil {
				return nil, err
			}
		}
		if allowed.allow(promptTokens, outputTokens) {
			requests = append(requests, Request{e.question, promptTokens, outputTokens})
		}
	}
	if len(requests) == 0 {
		return nil, none(s.Path, len(exchanges), fmt.Sprintf("prompts need %d to %d tokens, answers at least %d, both at most %d",
			allowed.least, allowed.mostPrompt, allowed.least, allowed.mostTokens))
	}
	return d.fill(requests, n), nil
}

// readShareGPT reads the first two turns of every conversation that has them.
// One entry at a time is in memory whole: the public file has 650 MB.
func readShareGPT(file io.Reader) (exchanges []exchange, err error) {
	in := json.NewDecoder(file)
	if start, err := in.Token(); err != nil || start != json.Delim('[') {
		return nil, errors.New("want a JSON list of conversations")
	}
	for number := 1; in.More(); number++ {
		var entry struct {
			Conversations []struct{ Value string }
		}
		if err := in.Decode(&entry); err != nil {
			return nil, fmt.Errorf("entry %d: %w", number, err)
		}
		if turns := entry.Conversations; len(turns) >= 2 {
			exchanges = append(exchanges, exchange{turns[0].Value, turns[1].Value})
		}
	}
	if _, err := in.Token(); err != nil {
		return nil, fmt.Errorf("it is cut off: %w", err)
	}
	if len(exchanges) == 0 {
		return nil, errors.New("no entry has conversations of two turns")
	}
	return exchanges, nil
}
