package openai

import (
	"io"
	"net/http"
)

// Wire is what is sent: the method, the path below the server's root, whatever
// the base URL's own path, and the body, made as it is read.
func (r *Request) Wire() (method, path string, body io.Reader) {
	if r.Call != nil {
		return http.MethodPost, r.Call.Path, r.body().reader()
	}
	return http.MethodPost, "/v1" + r.path(), r.body().reader()
}
