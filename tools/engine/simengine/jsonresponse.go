package simengine

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// A jsonResponse sends an answer as one JSON document when its last token is due.
type jsonResponse struct {
	w      http.ResponseWriter
	g      *generation
	text   []byte    // so far
	body   []byte    // the document, once it is complete
	failed *apiError // sent instead of the document, if not nil
}

func (a *jsonResponse) add(token string) { a.text = append(a.text, token...) }

func (a *jsonResponse) full() bool { return false }

func (a *jsonResponse) finish() {
	object, before, after := "text_completion", `[{"index":0,"text":"`, `"`
	if a.g.chat {
		object, before, after = "chat.completion", `[{"index":0,"message":{"role":"assistant","content":"`, `"}`
	}
	a.body = objectPrefix(a.g, object)
	a.body = append(a.body, before...)
	a.body = append(a.body, a.text...)
	a.body = append(a.body, after+`,"logprobs":null,"finish_reason":"`+a.g.finishReason+`","stop_reason":null}]`...)
	if !a.g.fault.omitUsage {
		a.body = append(a.body, `,"usage":`...)
		a.body = appendUsage(a.body, a.g)
	}
	a.body = append(a.body, '}')
}

func (a *jsonResponse) fail(reason *apiError) { a.failed = reason }

// flush sends nothing until the answer is complete or has failed.
func (a *jsonResponse) flush() error {
	switch {
	case a.failed != nil:
		a.failed.send(a.w)
	case a.body != nil:
		a.w.Header().Set("Content-Type", "application/json")
		_, err := a.w.Write(a.body)
		return err
	}
	return nil
}

// objectPrefix returns the start of every JSON object of an answer, up to the
// value of "choices".
func objectPrefix(g *generation, object string) []byte {
	model, err := json.Marshal(g.model)
	if err != nil {
		panic(err) // strings can always be marshaled
	}
	text := []byte(`{"id":"` + g.id + `","object":"` + object + `","created":`)
	text = strconv.AppendInt(text, g.arrival.Unix(), 10)
	text = append(text, `,"model":`...)
	text = append(text, model...)
	return append(text, `,"choices":`...)
}
