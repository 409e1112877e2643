package simengine

import (
	"encoding/json"
	"net/http"
	"time"
)

// serveModels lists the models as vLLM does.
func (e *Engine) serveModels(w http.ResponseWriter, r *http.Request) {
	type card struct {
		ID          string  `json:"id"`
		Object      string  `json:"object"`
		Created     int64   `json:"created"`
		OwnedBy     string  `json:"owned_by"`
		Root        string  `json:"root"`
		Parent      *string `json:"parent"`
		MaxModelLen int     `json:"max_model_len"`
	}
	var cards []card
	for _, name := range e.models() {
		cards = append(cards, card{
			ID:          name,
			Object:      "model",
			Created:     time.Now().Unix(),
			OwnedBy:     "simengine",
			Root:        name,
			MaxModelLen: e.config.MaxModelLen,
		})
	}
	sendJSON(w, map[string]any{"object": "list", "data": cards})
}

// serveTokenize cuts a prompt or messages into tokens, in the shape of vLLM.
func (e *Engine) serveTokenize(w http.ResponseWriter, r *http.Request) {
	data, reason := readBody(w, r)
	if reason != nil {
		reason.send(w)
		return
	}
	wire, reason := parse(data)
	if reason == nil {
		_, reason = e.modelFor(wire.Model)
	}
	if reason == nil && !wire.Prompt.given && wire.Messages == nil {
		reason = refuse("prompt", "one of prompt and messages is needed")
	}
	if reason != nil {
		reason.send(w)
		return
	}
	text := wire.Prompt.text
	if !wire.Prompt.given {
		text = flatten(wire.Messages)
	}
	ids := wire.Prompt.ids
	if ids == nil {
		ids = []uint32{}
		source := scanner{text: text}
		for token := source.next(); token != ""; token = source.next() {
			ids = append(ids, tokenID(token))
		}
	}
	sendJSON(w, struct {
		Count        int      `json:"count"`
		MaxModelLen  int      `json:"max_model_len"`
		Tokens       []uint32 `json:"tokens"`
		TokenStrings []string `json:"token_strs"`
	}{len(ids), e.config.MaxModelLen, ids, nil})
}

// sendJSON answers 200 with a value.
func sendJSON(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(value)
}
