package openai

import (
	"errors"
	"fmt"
	"strings"
)

// fit tells whether a header can carry a text.
func fit(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f })
}

// checkHeader finds what would break a head.
func (r *Request) checkHeader() error {
	if !fit(r.UserID) {
		return errors.New("the user id has characters that no header can carry")
	}
	if r.Call == nil {
		return nil
	}
	for name, value := range r.Call.Header {
		if name == "" || strings.ContainsAny(name, ": ") || !fit(name) || !fit(value) {
			return fmt.Errorf("header %q has a name or value that no header can have", name)
		}
	}
	return nil
}
