package tokenizer

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// normalizer rewrites a segment of the text.
type normalizer func(text string) string

// newNormalizers reads the normalizer of a tokenizer.json.
func newNormalizers(c *component) ([]normalizer, error) {
	if c == nil {
		return nil, nil
	}
	var normalizers []normalizer
	for _, c := range c.normalizers() {
		n, err := newNormalizer(&c)
		if err != nil {
			return nil, fmt.Errorf("normalizer %q: %w", c.Type, err)
		}
		normalizers = append(normalizers, n)
	}
	return normalizers, nil
}

func newNormalizer(c *component) (normalizer, error) {
	switch c.Type {
	case "NFC":
		return normalForm(norm.NFC).apply, nil
	case "NFD":
		return normalForm(norm.NFD).apply, nil
	case "NFKC":
		return normalForm(norm.NFKC).apply, nil
	case "NFKD":
		return normalForm(norm.NFKD).apply, nil
	case "Lowercase":
		return lowercase, nil
	case "Nmt":
		return func(text string) string { return strings.Map(nmt, text) }, nil
	case "Strip":
		return strip{c.StripLeft, c.StripRight}.apply, nil
	case "Prepend":
		return prepend(c.Prepend).apply, nil
	case "Replace":
		find, err := c.Pattern.compile()
		return replace{find, c.contentText()}.apply, err
	case "Precompiled":
		return newCharsMap(c.PrecompiledCharsmap)
	}
	return nil, errUnsupported
}

// mayDropStart reports whether a normalizer may remove the start of a text.
func (c *component) mayDropStart() bool {
	return c.Type == "Nmt" || c.Type == "Strip" && c.StripLeft || c.Type == "Replace" && c.contentText() == ""
}

// lowercase maps characters one by one, without regard to their context.
func lowercase(text string) string {
	return strings.ReplaceAll(strings.Map(func(r rune) rune {
		if r == 'İ' { // becomes two characters, below
			return r
		}
		return toLower(r)
	}, text), "İ", "i̇")
}

// nmt removes control characters and turns other special characters into spaces, as
// sentencepiece does for machine translation.
func nmt(r rune) rune {
	switch {
	case r >= 1 && r <= 8, r == 0xb, r >= 0xe && r <= 0x1f, r == 0x7f, r == 0x8f, r == 0x9f:
		return -1
	case r == '\t', r == '\n', r == '\f', r == '\r', r == 0x1680, r >= 0x200b && r <= 0x200f,
		r == 0x2028, r == 0x2029, r == 0x2581, r == 0xfeff, r == 0xfffd:
		return ' '
	}
	return r
}

// strip removes white space from the ends.
type strip struct{ left, right bool }

func (s strip) apply(text string) string {
	if s.left {
		text = strings.TrimLeftFunc(text, unicode.IsSpace)
	}
	if s.right {
		text = strings.TrimRightFunc(text, unicode.IsSpace)
	}
	return text
}

// prepend puts a prefix before every segment that is not empty.
type prepend string

func (s prepend) apply(text string) string {
	if text == "" {
		return ""
	}
	return string(s) + text
}

// replace replaces every match of a pattern.
type replace struct {
	pattern pattern
	by      string
}

func (r replace) apply(text string) string {
	matches := r.pattern(text)
	if len(matches) == 1 && !matches[0].matches {
		return text
	}
	var s strings.Builder
	s.Grow(len(text))
	for _, m := range matches {
		if m.matches {
			s.WriteString(r.by)
		} else {
			s.WriteString(text[m.from:m.to])
		}
	}
	return s.String()
}
