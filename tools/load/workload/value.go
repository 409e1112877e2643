package workload

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/LMCache/LMBench/tools/engine/openai"
	"github.com/LMCache/LMBench/tools/load/fingerprint"
)

// Value is a typed place for a parameter's text.
type Value interface {
	// Set parses the text. Its error says what was expected.
	Set(text string) error
	// String is the value as the result records it, in Python's words:
	// True, False, None.
	String() string
	// Optional tells whether the value may be left out without a default.
	Optional() bool
}

// Text is any text but the empty one.
func Text(to *string) Value { return &textValue{to: to} }

// OptionalText may be left out or empty.
func OptionalText(to *string) Value { return &textValue{to: to, optional: true} }

type textValue struct {
	to       *string
	optional bool
}

func (v *textValue) Set(text string) error {
	if text == "" && !v.optional {
		return fmt.Errorf("want a text, got nothing")
	}
	*v.to = text
	return nil
}

func (v *textValue) String() string {
	if v.optional && *v.to == "" {
		return "None"
	}
	return *v.to
}
func (v *textValue) Optional() bool { return v.optional }

// BaseURL is an engine's URL.
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

// Choice is one of a few words.
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

// Bool is true or false in any case; as a flag it needs no value.
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

// FileWord is a text that becomes part of a file name.
func FileWord(to *string) Value { return &fileWordValue{to} }

type fileWordValue struct{ to *string }

func (v *fileWordValue) Set(text string) error {
	const most = 150 // bytes, of the 255 that a name may have
	switch {
	case text == "" || text == "." || text == ".." || strings.ContainsAny(text, `/\`) || strings.ContainsFunc(text, unicode.IsControl) || !utf8.ValidString(text):
		return fmt.Errorf("want a text that can be part of a file name, got %q", text)
	case len(text) > most:
		return fmt.Errorf("want a text of at most %d bytes, as part of a file name, got %d", most, len(text))
	}
	*v.to = text
	return nil
}

func (v *fileWordValue) String() string { return *v.to }
func (v *fileWordValue) Optional() bool { return false }

// fingerprints is a list of fingerprints with commas between, or none.
func fingerprints(to *[]fingerprint.Sum) Value { return &fingerprintsValue{to} }

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
	if len(*v.to) == 0 {
		return "None"
	}
	var texts []string
	for _, sum := range *v.to {
		texts = append(texts, sum.String())
	}
	return strings.Join(texts, ",")
}
func (v *fingerprintsValue) Optional() bool { return true }
