package simengine

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// whole is an answer sent in one piece, when its last token is due.
type whole struct {
	w    http.ResponseWriter
	g    *generation
	text []byte   // so far
	body []byte   // what to send, once it is known
	fate *failure // sent instead, if there is one
}

func newWhole(w http.ResponseWriter, g *generation) *whole {
	return &whole{w: w, g: g}
}

func (a *whole) add(token string) { a.text = append(a.text, token...) }

func (a *whole) full() bool { return false }

func (a *whole) finish() {
	object, before, after := "text_completion", `[{"index":0,"text":"`, `"`
	if a.g.chat {
		object, before, after = "chat.completion", `[{"index":0,"message":{"role":"assistant","content":"`, `"}`
	}
	a.body = opening(a.g, object)
	a.body = append(a.body, before...)
	a.body = append(a.body, a.text...)
	a.body = append(a.body, after+`,"logprobs":null,"finish_reason":"`+a.g.reason+`","stop_reason":null}]`...)
	if a.g.fault != noUsageFault {
		a.body = append(a.body, `,"usage":`...)
		a.body = appendUsage(a.body, a.g)
	}
	a.body = append(a.body, '}')
}

func (a *whole) fail(reason *failure) { a.fate = reason }

// flush sends nothing while the answer is not complete.
func (a *whole) flush() error {
	switch {
	case a.fate != nil:
		a.fate.send(a.w)
	case a.body != nil:
		a.w.Header().Set("Content-Type", "application/json")
		_, err := a.w.Write(a.body)
		return err
	}
	return nil
}

// opening is how every JSON object of an answer begins, up to the value of
// "choices".
func opening(g *generation, object string) []byte {
	model, err := json.Marshal(g.model)
	if err != nil {
		panic(err) // every string can be written
	}
	text := []byte(`{"id":"` + g.id + `","object":"` + object + `","created":`)
	text = strconv.AppendInt(text, g.arrival.Unix(), 10)
	text = append(text, `,"model":`...)
	text = append(text, model...)
	return append(text, `,"choices":`...)
}
