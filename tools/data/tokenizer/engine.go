package tokenizer

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

const (
	probeTime   = 30 * time.Second // for the question whether the engine counts at all
	answerLimit = 64 << 20         // bytes: some engines tell every token of a text
)

// engine counts by POST /tokenize, which vLLM and others have.
func (s *Source) engine(ctx context.Context) (*Found, error) {
	if s.Engine == "" {
		return nil, nil
	}
	base := strings.TrimSuffix(strings.TrimRight(s.Engine, "/"), "/v1")
	transport := s.ToEngine
	if transport == nil {
		transport = s.Transport
	}
	client := &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse // the key is for this engine
	}}
	count := func(ctx context.Context, text string) (int, error) { return s.ask(ctx, client, base+"/tokenize", text) }
	probe, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	if _, err := count(probe, "hello"); err != nil {
		return nil, err
	}
	return &Found{Count: count, From: base + "/tokenize"}, nil
}

// ask counts one text.
func (s *Source) ask(ctx context.Context, client *http.Client, address, text string) (int, error) {
	body, err := json.Marshal(map[string]any{"model": s.Model, "prompt": text, "add_special_tokens": false})
	if err != nil {
		return 0, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return 0, fmt.Errorf("the engine's URL: %w", err)
	}
	request.Header.Set("Content-Type", "application/json")
	if s.APIKey != "" {
		request.Header.Set("Authorization", "Bearer "+s.APIKey)
	}
	response, err := client.Do(request)
	if err != nil {
		return 0, fmt.Errorf("asking the engine for token counts: %w", err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, answerLimit))
	if err != nil {
		return 0, fmt.Errorf("asking the engine for token counts: %w", err)
	}
	var counted struct{ Count *int }
	if response.StatusCode != http.StatusOK || json.Unmarshal(answer, &counted) != nil || counted.Count == nil {
		return 0, fmt.Errorf("%s answers with status %d and no count", address, response.StatusCode)
	}
	return *counted.Count, nil
}
