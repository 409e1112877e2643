package openai

import (
	"cmp"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/LMCache/LMBench/tools/data/chat"
	"github.com/LMCache/LMBench/tools/redact"
)

// Errors of Stream for the limits of Config.
var (
	ErrConnectTimeout = errors.New("no connection")
	ErrTimeout        = errors.New("no complete answer")
	ErrStalled        = errors.New("nothing received")
)

func overdue(limit error, after time.Duration) error {
	seconds := strconv.FormatFloat(after.Seconds(), 'f', -1, 64)
	if limit == ErrStalled {
		return fmt.Errorf("%w for %ss", limit, seconds)
	}
	return fmt.Errorf("%w within %ss", limit, seconds)
}

// explained adds to an error what to do about it.
func explained(err error) error {
	switch {
	case errors.As(err, new(tls.RecordHeaderError)), errors.Is(err, http.ErrSchemeMismatch):
		return fmt.Errorf("the server does not use TLS; use http://: %w", err)
	case errors.As(err, new(*tls.CertificateVerificationError)):
		return fmt.Errorf("%w (--ca-file adds trusted certificates; --insecure skips verification)", err)
	}
	return err
}

const (
	documentLimit = 64 << 10 // bytes read of an error document
	quoteLimit    = 300      // bytes shown of what the server said
	quoteFrom     = 1000     // bytes of it that are searched
)

// quote returns a server's message in a form for errors: one short line without the key
// or the prompt, which some servers send back.
func (x *call) quote(said string) string {
	said = x.client.secrets.Text(strings.ToValidUTF8(said, "�"))
	said = x.withoutPrompt(cut(said, quoteFrom))
	said = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, said)
	return cut(strings.Join(strings.Fields(said), " "), quoteLimit)
}

// word returns what should be one word of the engine in a form for a column.
func (x *call) word(said string) string {
	const usual = "abcdefghijklmnopqrstuvwxyz_"
	if len(said) < 16 && strings.Trim(said, usual) == "" {
		return x.client.secrets.Text(said)
	}
	return x.quote(said)
}

// answered returns an answer's text. An engine that writes the key into it would have
// it stored; a key as short as the usual placeholders is a word like any other.
func (c *Client) answered(text string) string {
	if len(c.config.APIKey) < redact.Shortest {
		return text
	}
	return c.secrets.Text(text)
}

// redacted returns an error whose text is short and without the key, whoever wrote it:
// net/http repeats what it could not read.
func (c *Client) redacted(err error) error {
	text := err.Error()
	if short := cut(c.secrets.Text(text), quoteFrom); short != text {
		return &redactedError{short, err}
	}
	return err
}

type redactedError struct {
	text  string
	cause error
}

func (e *redactedError) Error() string { return e.text }
func (e *redactedError) Unwrap() error { return e.cause }

// withoutPrompt cuts a text where a piece of the prompt begins. Pieces of fewer than
// a few words could be in it by chance.
func (x *call) withoutPrompt(said string) string {
	const known = 20
	texts := []chat.Text{x.request.Prompt}
	for _, m := range x.request.Messages {
		texts = append(texts, m.Content)
	}
	for _, text := range texts {
		for _, piece := range text {
			if len(piece) < known {
				continue
			}
			if before, _, found := strings.Cut(said, piece[:known]); found {
				said = before + "[the prompt]"
			}
		}
	}
	return said
}

// cut shortens a text to a number of bytes, at the end of a rune.
func cut(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit] + "…"
}

// errorMessage returns the message in the JSON by which an engine reports an error, or
// "" if the text is not such JSON.
func errorMessage(document []byte) string {
	var said struct {
		Object  string          `json:"object"`
		Error   json.RawMessage `json:"error"`
		Message json.RawMessage `json:"message"`
		Detail  json.RawMessage `json:"detail"` // of FastAPI
	}
	if json.Unmarshal(document, &said) != nil {
		return ""
	}
	return cmp.Or(messageIn(said.Error), messageIn(said.Message), messageIn(said.Detail))
}

// messageIn returns the message in a value of any form.
func messageIn(value json.RawMessage) string {
	var text string
	if json.Unmarshal(value, &text) == nil {
		return text
	}
	var object struct {
		Message string `json:"message"`
		Msg     string `json:"msg"` // of FastAPI; beside it, input repeats the request
		Type    string `json:"type"`
	}
	if json.Unmarshal(value, &object) == nil {
		return cmp.Or(object.Message, object.Msg, object.Type)
	}
	var list []json.RawMessage
	if json.Unmarshal(value, &list) == nil && len(list) > 0 {
		return messageIn(list[0])
	}
	return ""
}
