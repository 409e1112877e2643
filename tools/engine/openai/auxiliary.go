package openai

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-resty/resty/v2"

	"github.com/LMCache/LMBench/tools/engine/enginemetrics"
)

const (
	auxiliaryTimeout = 30 * time.Second // of one request
	auxiliaryLimit   = 16 << 20         // bytes of its answer
)

// ErrNotOffered reports that the engine lacks an endpoint outside the OpenAI API.
var ErrNotOffered = errors.New("not offered by the engine")

// Tokens returns how many tokens the engine's /tokenize counts in a request's prompt,
// with what its API adds.
func (c *Client) Tokens(ctx context.Context, r Request) (int, error) {
	type message struct {
		Role    string `json:"role"`
		Content string `json:"content"`
	}
	asked := struct {
		Model    string    `json:"model"`
		Prompt   *string   `json:"prompt,omitempty"`
		Messages []message `json:"messages,omitempty"`
	}{Model: r.Model}
	for _, m := range r.Messages {
		asked.Messages = append(asked.Messages, message{string(m.Role), m.Content.String()})
	}
	if r.Messages == nil {
		text := r.Prompt.String()
		asked.Prompt = &text
	}
	return c.tokenize(ctx, asked)
}

// CountText returns the number of tokens that the engine's /tokenize counts in a text
// by itself, without special tokens around it.
func (c *Client) CountText(ctx context.Context, model, text string) (int, error) {
	return c.tokenize(ctx, map[string]any{"model": model, "prompt": text, "add_special_tokens": false})
}

// TokenizeURL returns the URL at which the engine counts tokens.
func (c *Client) TokenizeURL() string { return c.beside("/tokenize") }

func (c *Client) tokenize(ctx context.Context, body any) (int, error) {
	answer, err := c.auxiliary(ctx, http.MethodPost, c.TokenizeURL(), body)
	if err != nil {
		return 0, err
	}
	var said struct {
		Count *int `json:"count"`
	}
	if err := json.Unmarshal(answer, &said); err != nil || said.Count == nil {
		return 0, fmt.Errorf("POST %s: %w: its answer has no count", c.TokenizeURL(), ErrNotOffered)
	}
	return *said.Count, nil
}

// Counters reads a page of counters: the engine's own, or that of an engine or
// router elsewhere.
func (c *Client) Counters(ctx context.Context, page string) (enginemetrics.Scrape, error) {
	page = cmp.Or(page, c.beside("/metrics"))
	answer, err := c.auxiliary(ctx, http.MethodGet, page, nil)
	if err != nil {
		return enginemetrics.Scrape{}, err
	}
	reading, err := enginemetrics.Read(answer)
	if err != nil {
		return enginemetrics.Scrape{}, fmt.Errorf("GET %s: %w: %w", withoutQuery(page), ErrNotOffered, c.redacted(err))
	}
	return reading, nil
}

// Profile starts or ends the engine's profiler, an endpoint of vLLM.
func (c *Client) Profile(ctx context.Context, start bool) error {
	path := "/stop_profile"
	if start {
		path = "/start_profile"
	}
	_, err := c.auxiliary(ctx, http.MethodPost, c.beside(path), nil)
	return err
}

// beside returns the URL of a path below the server's root, beside /v1.
func (c *Client) beside(path string) string {
	return c.root + path
}

// own reports whether a URL belongs to the engine. The API key is sent to no other.
func (c *Client) own(address string) bool {
	to, err := url.Parse(address)
	return err == nil && to.Scheme == c.base.Scheme && to.Host == c.base.Host
}

// auxiliary sends a request that is not part of the load. Nothing is timed.
func (c *Client) auxiliary(ctx context.Context, method, to string, body any) ([]byte, error) {
	answer, err := c.ask(ctx, method, to, body)
	if err != nil {
		var wrapped *url.Error // repeats the URL, which may hold a secret
		if errors.As(err, &wrapped) {
			err = wrapped.Err
		}
		return nil, fmt.Errorf("%s %s: %w", method, withoutQuery(to), c.redacted(err))
	}
	return answer, nil
}

// withoutQuery returns a URL without its query, which may hold a secret.
func withoutQuery(to string) string {
	address, _, _ := strings.Cut(to, "?")
	return address
}

func (c *Client) ask(ctx context.Context, method, to string, body any) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, auxiliaryTimeout)
	defer cancel()
	transport := c.transport
	if u, err := url.Parse(to); err == nil && c.proxied(u) {
		transport = c.netHTTP
	}
	client := newResty(transport)
	client.SetResponseBodyLimit(auxiliaryLimit)
	client.SetHeader("User-Agent", "LMBench")
	if c.config.APIKey != "" && c.own(to) {
		client.SetAuthToken(c.config.APIKey)
	}
	request := client.R().SetContext(ctx)
	if body != nil {
		request.SetHeader("Content-Type", "application/json").SetBody(body)
	}
	response, err := request.Execute(method, to)
	if errors.Is(err, resty.ErrResponseBodyTooLarge) {
		return nil, fmt.Errorf("an answer of more than %d bytes", auxiliaryLimit)
	}
	if err != nil {
		return nil, err
	}
	switch status := response.StatusCode(); status {
	case http.StatusOK:
		return response.Body(), nil
	case http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotImplemented, http.StatusUnauthorized, http.StatusForbidden:
		return nil, fmt.Errorf("status %d: %w", status, ErrNotOffered)
	default:
		return nil, fmt.Errorf("status %d", status)
	}
}
