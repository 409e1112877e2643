package metrics

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	// longestText is in bytes: enough for a URL and a cause.
	longestText = 200
	// mostTexts bounds memory when every error text is different.
	mostTexts = 1000
	// OtherErrors is the text of all errors beyond mostTexts.
	OtherErrors = "other errors"
)

// failures counts failed requests by the class of their error.
type failures map[string]*Failure

func (f *failures) add(text string) {
	if *f == nil {
		*f = failures{}
	}
	text = shorten(text)
	class := class(text)
	if (*f)[class] == nil {
		if len(*f) >= mostTexts {
			class, text = OtherErrors, OtherErrors
		}
		if (*f)[class] == nil {
			(*f)[class] = &Failure{Text: text}
		}
	}
	(*f)[class].Count++
}

// Causes counts failed requests by their error.
type Causes struct{ failures failures }

// Add counts a failed request.
func (c *Causes) Add(text string) { c.failures.add(text) }

// Ranked returns the errors, most frequent first.
func (c *Causes) Ranked() []Failure { return c.failures.ranked() }

// class returns what texts have in common that differ only in numbers, such as a port or
// a request's id.
func class(text string) string {
	digits := false
	return strings.Map(func(r rune) rune {
		was := digits
		if digits = '0' <= r && r <= '9'; !digits {
			return r
		}
		if was {
			return -1
		}
		return '0'
	}, text)
}

// ranked sorts by count, most frequent first, then by text.
func (f failures) ranked() []Failure {
	var all []Failure
	for _, failure := range f {
		all = append(all, *failure)
	}
	slices.SortFunc(all, func(a, b Failure) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Text, b.Text))
	})
	return all
}

// shorten returns text as one line of valid UTF-8, cut between two characters if too long.
func shorten(text string) string {
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "\uFFFD")), " ")
	if len(text) <= longestText {
		return text
	}
	end := longestText
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "…"
}
