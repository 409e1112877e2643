// Package redact removes credentials from what is shown or stored: texts, URLs,
// environments, and lines copied from other programs.
package redact

import (
	"cmp"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Mask is what a removed secret is replaced by.
const Mask = "xxxxx"

// Shortest is the length in bytes of the shortest value that is searched for in other
// texts. Shorter ones are placeholders such as EMPTY, which are words like any other.
const Shortest = 12

// IsSecret reports whether a variable, flag or key with this name holds a secret:
// hf_token, API_KEY, clientSecret and their like. MAX_TOKENS does not, nor does KEY,
// which is a baseline's name in LMBench.
func IsSecret(name string) bool {
	letters := strings.Map(func(r rune) rune {
		if strings.ContainsRune("_-. ", r) {
			return -1
		}
		return r
	}, strings.ToLower(name))
	return strings.Contains(letters, "secret") || slices.ContainsFunc([]string{
		"token", "apikey", "accesskey", "privatekey", "password", "passwd", "passphrase",
		"credential", "credentials", "authorization",
	}, func(end string) bool { return strings.HasSuffix(letters, end) })
}

// Secrets are values that no text may hold. The zero value holds none.
type Secrets struct{ replacer *strings.Replacer }

// NewSecrets returns secrets that are replaced by mask. Empty ones are left out.
func NewSecrets(mask string, secrets ...string) Secrets {
	var spelled []string
	for _, secret := range secrets {
		spelled = append(spelled, spellings(secret)...)
	}
	if len(spelled) == 0 {
		return Secrets{}
	}
	// One secret may be the beginning of another.
	slices.SortFunc(spelled, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	var pairs []string
	for _, text := range slices.Compact(spelled) {
		pairs = append(pairs, text, mask)
	}
	return Secrets{strings.NewReplacer(pairs...)}
}

// Text returns text with the secrets replaced, in every form that spellings returns.
func (s Secrets) Text(text string) string {
	if s.replacer == nil {
		return text
	}
	return s.replacer.Replace(text)
}

// Error returns err, or an error that wraps it and shows its message without the
// secrets: net/http and others repeat what they could not read.
func (s Secrets) Error(err error) error {
	if err == nil {
		return nil
	}
	text := err.Error()
	if shown := s.Text(text); shown != text {
		return &redacted{shown, err}
	}
	return err
}

type redacted struct {
	text  string
	cause error
}

func (e *redacted) Error() string { return e.text }
func (e *redacted) Unwrap() error { return e.cause }

// spellings returns the forms in which programs write a secret: as it is, escaped
// for a URL's path or query, and in the quotes of JSON and Go.
func spellings(secret string) []string {
	if secret == "" {
		return nil
	}
	inside := func(quotes string) string { return quotes[1 : len(quotes)-1] }
	var plain strings.Builder // JSON as other languages write it, with < > & as they are
	encoder := json.NewEncoder(&plain)
	encoder.SetEscapeHTML(false)
	encoder.Encode(secret) // no string fails
	escaped, _ := json.Marshal(secret)
	return []string{
		secret, url.QueryEscape(secret), url.PathEscape(secret), inside(strconv.Quote(secret)),
		inside(string(escaped)), inside(strings.TrimSuffix(plain.String(), "\n")),
	}
}

// variables hold secrets that only this process needs.
var variables = []string{"LMBENCH_API_KEY", "OPENAI_API_KEY", "HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"}

// Environ returns an environment, as os.Environ does, without this project's secrets.
// Credentials of others, such as those that kubectl reads, stay.
func Environ(environ []string) []string {
	return slices.DeleteFunc(slices.Clone(environ), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		return slices.Contains(variables, name)
	})
}
