package simengine

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// An apiError is an error in the form of OpenAI's API. Its JSON is the value of
// the "error" member.
type apiError struct {
	Message string  `json:"message"`
	Type    string  `json:"type"`
	Param   *string `json:"param"` // the invalid member of the request, if there is one
	Code    int     `json:"code"`  // the HTTP status
}

func (e *apiError) Error() string { return e.Message }

// badRequest returns an error with status 400. The parameter may be empty.
func badRequest(parameter, format string, arguments ...any) *apiError {
	failed := &apiError{
		Message: fmt.Sprintf(format, arguments...),
		Type:    "BadRequestError",
		Code:    http.StatusBadRequest,
	}
	if parameter != "" {
		failed.Param = &parameter
	}
	return failed
}

// simulatedError returns the error of a request that fails on purpose.
func simulatedError(ordinal int64) *apiError {
	return &apiError{
		Message: fmt.Sprintf("simulated failure of request %d", ordinal),
		Type:    "InternalServerError",
		Code:    http.StatusInternalServerError,
	}
}

// body returns {"error":{…}}.
func (e *apiError) body() []byte {
	text, err := json.Marshal(map[string]*apiError{"error": e})
	if err != nil {
		panic(err) // strings and numbers can always be marshaled
	}
	return text
}

// send answers a request with the error.
func (e *apiError) send(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(e.Code)
	w.Write(e.body())
}
