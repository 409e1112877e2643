package spec

import (
	"net/url"
	"slices"
	"strings"
)

// Secret tells whether a key is one whose value must never be stored: hf_token,
// API_KEY, clientSecret and their like. MAX_TOKENS is none, nor is KEY, the
// baseline's name.
func Secret(key string) bool {
	letters := strings.Map(func(r rune) rune {
		if r == '_' || r == '-' || r == '.' || r == ' ' {
			return -1
		}
		return r
	}, strings.ToLower(key))
	return strings.Contains(letters, "secret") || slices.ContainsFunc([]string{
		"token", "apikey", "accesskey", "privatekey", "password", "passwd", "passphrase",
		"credential", "credentials", "authorization",
	}, func(end string) bool { return strings.HasSuffix(letters, end) })
}

// WithoutSecrets is a copy without secret keys, at any depth, and without the
// value of Kubernetes' {name: HF_TOKEN, value: …}. Numbers and booleans are no
// secrets, except hf_token, whatever it holds.
func WithoutSecrets(mapping Map) Map {
	kept := Map{}
	name, _ := mapping.Get("name")
	variable, _ := name.(string)
	for _, entry := range mapping {
		if hidden(entry.Key, entry.Value) || entry.Key == "value" && hidden(variable, entry.Value) {
			continue
		}
		kept = append(kept, Entry{entry.Key, withoutSecrets(entry.Value)})
	}
	return kept
}

func hidden(key string, value any) bool {
	_, text := value.(string)
	return Secret(key) && text || strings.EqualFold(key, "hf_token")
}

func withoutSecrets(value any) any {
	switch value := value.(type) {
	case Map:
		return WithoutSecrets(value)
	case []any:
		kept := make([]any, len(value))
		for i, item := range value {
			kept[i] = withoutSecrets(item)
		}
		return kept
	}
	return value
}

// Shown is a text whose URLs tell neither a user nor a query, in which there may be
// a password or a token.
func Shown(text string) string {
	if !strings.Contains(text, "://") {
		return text
	}
	words := strings.Split(text, " ")
	for i, word := range words {
		words[i] = shownURL(word)
	}
	return strings.Join(words, " ")
}

// shownURL is one word. A URL may be the value of a pair KEY=URL.
func shownURL(word string) string {
	at := strings.Index(word, "://")
	if at < 0 {
		return word
	}
	start := strings.LastIndexByte(word[:at], '=') + 1
	address, err := url.Parse(word[start:])
	switch {
	case err != nil && strings.Contains(word, "@"):
		return word[:start] + "[a URL]"
	case err != nil || address.User == nil && address.RawQuery == "":
		return word
	}
	if address.User != nil {
		address.User = url.User(hiddenPart)
	}
	if address.RawQuery != "" {
		address.RawQuery = hiddenPart
	}
	return word[:start] + address.String()
}

const hiddenPart = "xxxxx"
