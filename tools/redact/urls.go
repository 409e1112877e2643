package redact

import (
	"net/url"
	"regexp"
	"strings"
)

// URLs returns text with the user and the query of every URL in it replaced, since
// they may hold a password or a token.
func URLs(text string) string {
	if !strings.Contains(text, "://") {
		return text
	}
	words := strings.Split(text, " ")
	for i, word := range words {
		words[i] = urlsOf(word)
	}
	return strings.Join(words, " ")
}

var nextURL = regexp.MustCompile(`,[a-zA-Z][a-zA-Z0-9+.-]*://`)

// urlsOf is URLs for a text without spaces, which may be a list of URLs.
func urlsOf(word string) string {
	var shown strings.Builder
	for {
		first := word
		if comma := nextURL.FindStringIndex(word); comma != nil && !strings.Contains(word[:comma[0]], "?") {
			first = word[:comma[0]+1]
		}
		shown.WriteString(oneURL(first))
		if word = word[len(first):]; word == "" {
			return shown.String()
		}
	}
}

// oneURL is URLs for one URL, which may be the value of a pair KEY=URL.
func oneURL(word string) string {
	at := strings.Index(word, "://")
	if at < 0 {
		return word
	}
	start := strings.LastIndexByte(word[:at], '=') + 1
	address, err := url.Parse(word[start:])
	if err != nil { // it may be quoted, or none at all
		if strings.Contains(word, "@") {
			return word[:start] + "[a URL]"
		}
		before, _, query := strings.Cut(word[start:], "?")
		if query {
			before += "?" + Mask
		}
		return word[:start] + before
	}
	if address.User == nil && address.RawQuery == "" {
		return word
	}
	if address.User != nil {
		address.User = url.User(Mask)
	}
	if address.RawQuery != "" {
		address.RawQuery = Mask
	}
	return word[:start] + address.String()
}
