package simengine

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// maxBody is the size limit of a request body, in bytes.
const maxBody = 64 << 20

// A route is the handler of a path and the method that the path accepts.
type route struct {
	method string
	handle http.HandlerFunc
}

// newRoutes returns the engine's endpoints by path.
func (e *Engine) newRoutes() map[string]route {
	return map[string]route{
		"/v1/completions":      {http.MethodPost, e.serveCompletion},
		"/v1/chat/completions": {http.MethodPost, e.serveChat},
		"/v1/models":           {http.MethodGet, e.serveModels},
		"/tokenize":            {http.MethodPost, e.serveTokenize},
		"/health":              {http.MethodGet, func(http.ResponseWriter, *http.Request) {}},
		"/metrics":             {http.MethodGet, e.metrics.handler.ServeHTTP},
	}
}

// ServeHTTP implements http.Handler. It panics with http.ErrAbortHandler to
// close a connection in the middle of an answer, as net/http expects.
func (e *Engine) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	route, found := e.routes[r.URL.Path]
	switch {
	case !found:
		(&apiError{
			Message: fmt.Sprintf("there is nothing at %s", r.URL.Path),
			Type:    "NotFoundError",
			Code:    http.StatusNotFound,
		}).send(w)
	case r.Method != route.method:
		w.Header().Set("Allow", route.method)
		(&apiError{
			Message: fmt.Sprintf("%s takes %s, not %s", r.URL.Path, route.method, r.Method),
			Type:    "MethodNotAllowedError",
			Code:    http.StatusMethodNotAllowed,
		}).send(w)
	default:
		route.handle(w, r)
	}
}

func (e *Engine) serveCompletion(w http.ResponseWriter, r *http.Request) {
	e.serveGeneration(w, r, false)
}

func (e *Engine) serveChat(w http.ResponseWriter, r *http.Request) {
	e.serveGeneration(w, r, true)
}

// serveGeneration answers a completion or chat request.
func (e *Engine) serveGeneration(w http.ResponseWriter, r *http.Request, chat bool) {
	data, failed := readBody(w, r)
	// The arrival is taken before the prompt is split into tokens, so that the
	// simulator's own work does not delay the answer.
	arrival := time.Now()
	if failed != nil {
		failed.send(w)
		return
	}
	request, failed := e.decode(data, chat)
	if failed != nil {
		failed.send(w)
		return
	}
	e.newGeneration(request, arrival).serve(w, r)
}

// serveModels lists the models in vLLM's shape.
func (e *Engine) serveModels(w http.ResponseWriter, _ *http.Request) {
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

// readBody reads a request body of at most maxBody bytes.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, *apiError) {
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return nil, &apiError{
			Message: fmt.Sprintf("the body is larger than %d bytes", tooLarge.Limit),
			Type:    "BadRequestError",
			Code:    http.StatusRequestEntityTooLarge,
		}
	}
	if err != nil {
		return nil, badRequest("", "reading the body: %v", err)
	}
	return data, nil
}

// sendJSON answers 200 with the JSON of a value.
func sendJSON(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(value)
}
