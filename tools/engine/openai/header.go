package openai

import (
	"errors"
	"fmt"
	"strings"
)

// isHeaderValue reports whether a header can hold a text.
func isHeaderValue(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f })
}

// checkHeader returns an error for what no header can hold.
func (r *Request) checkHeader() error {
	if !isHeaderValue(r.UserID) {
		return errors.New("invalid user id: control characters cannot be sent in a header")
	}
	for name, value := range r.Header {
		if name == "" || strings.ContainsAny(name, ": ") || !isHeaderValue(name) || !isHeaderValue(value) {
			return fmt.Errorf("invalid header %q: control characters cannot be sent, nor spaces or colons in its name", name)
		}
	}
	return nil
}
