package simengine

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// failure is an error as OpenAI's API states it. Its JSON form is the value of
// the "error" member.
type failure struct {
	Message string  `json:"message"`
	Type    string  `json:"type"`
	Param   *string `json:"param"` // the member of the request at fault, if it is one
	Code    int     `json:"code"`  // the HTTP status
}

func (f *failure) Error() string { return f.Message }

// refuse describes a bad request; parameter may be empty.
func refuse(parameter, format string, arguments ...any) *failure {
	reason := &failure{
		Message: fmt.Sprintf(format, arguments...),
		Type:    "BadRequestError",
		Code:    http.StatusBadRequest,
	}
	if parameter != "" {
		reason.Param = &parameter
	}
	return reason
}

// broken describes an engine that failed, on purpose.
func broken(ordinal int64) *failure {
	return &failure{
		Message: fmt.Sprintf("simulated failure of request %d", ordinal),
		Type:    "InternalServerError",
		Code:    http.StatusInternalServerError,
	}
}

// body returns {"error":{…}}.
func (f *failure) body() []byte {
	text, err := json.Marshal(map[string]*failure{"error": f})
	if err != nil {
		panic(err) // there is nothing in it that could not be written
	}
	return text
}

// send answers a request with the failure.
func (f *failure) send(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(f.Code)
	w.Write(f.body())
}
