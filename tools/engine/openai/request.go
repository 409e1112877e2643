package openai

import (
	"errors"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"

	"github.com/LMCache/LMBench/tools/data/chat"
)

// Request is what is asked of the engine. Its texts are read as it is sent:
// their pieces must not be exchanged.
type Request struct {
	Model       string
	Prompt      chat.Text      // for the completions API, which is used if Messages is nil
	Messages    []chat.Message // for the chat API
	MaxTokens   int
	Temperature float64
	IgnoreEOS   bool   // go on to MaxTokens; sent only if true, since not every engine knows it
	UserID      string // sent as x-user-id, by which routers keep a user on one engine; "": not sent

	// Plain says that Prompt and the contents of Messages are printable ASCII
	// without quotes and backslashes, which stands in JSON as it is. They are
	// then not looked at, which for a long prompt takes longer than all else.
	Plain bool

	// Unread says that nobody reads the answer's text: Reply.Text stays empty,
	// and a long answer takes no memory.
	Unread bool

	// Call, if set, asks for an answer to Prompt in an engine's own words; of
	// the fields above only Prompt, UserID, Plain and Unread are looked at.
	Call *Call
}

func (r *Request) check() error {
	if math.IsNaN(r.Temperature) || math.IsInf(r.Temperature, 0) {
		return errors.New("the temperature is no number")
	}
	return r.checkHeader()
}

// path returns the API's path below the server's root.
func (r *Request) path() string {
	switch {
	case r.Call != nil:
		return r.Call.Path
	case r.Messages != nil:
		return "/v1/chat/completions"
	}
	return "/v1/completions"
}

// Wire returns what is sent: the method, the path below the server's root, whatever
// the base URL's own path, and the body, made as it is read.
func (r *Request) Wire() (method, path string, body io.Reader) {
	return http.MethodPost, r.path(), r.body().reader()
}

func (r *Request) body() body {
	if r.Call != nil {
		return body{part{r.Call.Before, r.Prompt, r.Plain}, part{json: r.Call.After}}
	}
	b := make(body, 0, 3+3*len(r.Messages))
	b = append(b, part{json: `{"model":"`, text: chat.Text{r.Model}})
	if r.Messages == nil {
		return append(b, part{`","prompt":"`, r.Prompt, r.Plain}, part{json: `"` + r.settings()})
	}
	before := `","messages":[`
	for _, m := range r.Messages {
		b = append(b, part{json: before + `{"role":"`, text: chat.Text{string(m.Role)}})
		if m.Name != "" {
			b = append(b, part{json: `","name":"`, text: chat.Text{m.Name}})
		}
		b = append(b, part{`","content":"`, m.Content, r.Plain})
		before = `"},`
	}
	if len(r.Messages) == 0 {
		return append(b, part{json: before + `]` + r.settings()})
	}
	return append(b, part{json: `"}]` + r.settings()})
}

// settings is the end of the body, after the prompt.
func (r *Request) settings() string {
	temperature := strconv.FormatFloat(r.Temperature, 'f', -1, 64)
	if !strings.Contains(temperature, ".") {
		temperature += ".0" // a float to engines that look closely
	}
	s := `,"max_tokens":` + strconv.Itoa(r.MaxTokens) + `,"temperature":` + temperature +
		`,"stream":true,"stream_options":{"include_usage":true}`
	if r.IgnoreEOS {
		s += `,"ignore_eos":true`
	}
	return s + "}"
}
