package openai

import (
	"errors"
	"io"
	"math"
	"net/http"

	"github.com/LMCache/LMBench/tools/data/chat"
)

// Request is what is asked of the engine. Its texts are read as it is sent: their pieces
// must not be changed.
type Request struct {
	Backend      Backend // nil: Chat if there are Messages, otherwise Completions
	Model        string
	Prompt       chat.Text      // for APIs of one prompt
	PromptTokens int            // of the prompt, for APIs that ask for their number
	Messages     []chat.Message // for APIs of conversations
	MaxTokens    int
	Temperature  float64
	IgnoreEOS    bool   // generate MaxTokens; sent only if true, since not every engine accepts it
	UserID       string // sent as x-user-id, by which routers keep a user on one engine; empty: not sent

	// Plain says that Prompt and the contents of Messages are printable ASCII
	// without quotes and backslashes, which need no escaping in JSON. They are
	// then not searched, which for a long prompt takes longer than all else.
	Plain bool

	// Unread says that the answer's text is not needed: Reply.Text stays empty,
	// and a long answer takes no memory.
	Unread bool

	Header map[string]string // beside the usual ones

	// Events says that the arrivals of events without text are noted as well. An
	// answer that has only such events is then no failure, as for vLLM's benchmark.
	Events bool
}

func (r *Request) check() error {
	if math.IsNaN(r.Temperature) || math.IsInf(r.Temperature, 0) {
		return errors.New("the temperature is not a number")
	}
	return r.checkHeader()
}

// backend returns the API that the request is for.
func (r *Request) backend() Backend {
	switch {
	case r.Backend != nil:
		return r.Backend
	case r.Messages != nil:
		return Chat()
	}
	return Completions()
}

// Wire returns what is sent: the method, the path below the server's root, without
// that of the base URL, and the body, which is encoded as it is read.
func (r *Request) Wire() (method, path string, body io.Reader) {
	b := r.backend()
	return http.MethodPost, b.Path(), b.Body(r).reader()
}
