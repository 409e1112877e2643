package params

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/LMCache/LMBench/tools/engine/openai"
	"github.com/LMCache/LMBench/tools/load/fingerprint"
)

// A Value is a typed place for a parameter's text.
type Value interface {
	// Set parses the text. Its error says what was expected.
	Set(text string) error
	// String returns the value as the result records it, in Python's words:
	// True, False, None.
	String() string
	// Optional reports whether the value may be left out without a default.
	Optional() bool
}

// Text returns a Value for any text but the empty one.
func Text(to *string) Value { return &textValue{to: to} }

// OptionalText returns a Value for a text that may be left out or empty.
func OptionalText(to *string) Value { return &textValue{to: to, optional: true} }

type textValue struct {
	to       *string
	optional bool
}

func (v *textValue) Set(text string) error {
	if text == "" && !v.optional {
		return errors.New("must not be empty")
	}
	*v.to = text
	return nil
}

func (v *textValue) String() string {
	if v.optional {
		return orNone(*v.to)
	}
	return *v.to
}

func (v *textValue) Optional() bool { return v.optional }

// BaseURL returns a Value for a serving engine's URL.
func BaseURL(to *string) Value { return &baseURLValue{to} }

type baseURLValue struct{ to *string }

func (v *baseURLValue) Set(text string) error {
	if _, err := openai.New(openai.Config{BaseURL: text}); err != nil {
		return err
	}
	*v.to = text
	return nil
}

func (v *baseURLValue) String() string { return *v.to }
func (v *baseURLValue) Optional() bool { return false }

// Choice returns a Value for one of a few words.
func Choice(to *string, words ...string) Value { return &choiceValue{to, words} }

type choiceValue struct {
	to    *string
	words []string
}

func (v *choiceValue) Set(text string) error {
	for _, word := range v.words {
		if text == word {
			*v.to = word
			return nil
		}
	}
	return fmt.Errorf("want %s, got %q", strings.Join(v.words, " or "), text)
}

func (v *choiceValue) String() string { return *v.to }
func (v *choiceValue) Optional() bool { return false }

// Bool returns a Value for true or false, in any case. Its flag needs no value.
func Bool(to *bool) Value { return &boolValue{to} }

type boolValue struct{ to *bool }

func (v *boolValue) Set(text string) error {
	switch strings.ToLower(text) {
	case "true":
		*v.to = true
	case "false", "none":
		*v.to = false
	default:
		return fmt.Errorf("want true or false, got %q", text)
	}
	return nil
}

func (v *boolValue) String() string {
	if *v.to {
		return "True"
	}
	return "False"
}

func (v *boolValue) Optional() bool { return true }

// FileNamePart returns a Value for a text that becomes part of a file name.
func FileNamePart(to *string) Value { return &fileNameValue{to} }

type fileNameValue struct{ to *string }

func (v *fileNameValue) Set(text string) error {
	const most = 150 // bytes, of the 255 that a name may have
	switch {
	case text == "" || text == "." || text == ".." || strings.ContainsAny(text, `/\`) || strings.ContainsFunc(text, unicode.IsControl) || !utf8.ValidString(text):
		return fmt.Errorf("want a text that can be part of a file name, got %q", text)
	case len(text) > most:
		return fmt.Errorf("want at most %d bytes, as part of a file name, got %d", most, len(text))
	}
	*v.to = text
	return nil
}

func (v *fileNameValue) String() string { return *v.to }
func (v *fileNameValue) Optional() bool { return false }

// Fingerprints returns a Value for a list of fingerprints, separated by commas.
func Fingerprints(to *[]fingerprint.Sum) Value { return &fingerprintsValue{to} }

type fingerprintsValue struct{ to *[]fingerprint.Sum }

func (v *fingerprintsValue) Set(text string) error {
	*v.to = nil
	for word := range strings.SplitSeq(text, ",") {
		sum, err := fingerprint.Parse(strings.TrimSpace(word))
		if err != nil {
			return err
		}
		*v.to = append(*v.to, sum)
	}
	return nil
}

func (v *fingerprintsValue) String() string {
	var texts []string
	for _, sum := range *v.to {
		texts = append(texts, sum.String())
	}
	return orNone(strings.Join(texts, ","))
}

func (v *fingerprintsValue) Optional() bool { return true }

// orNone returns Python's word for an absent value in place of an empty text.
func orNone(text string) string {
	if text == "" {
		return "None"
	}
	return text
}
