package tokenizer

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
)

// segment is a part of a text on its way to ids. After the last pre-tokenizer it is a
// word.
type segment struct {
	text  string
	first bool   // it is the start of the text
	id    uint32 // of an added token; noToken for text
}

// cut returns p.text[from:to] as a segment.
func (p segment) cut(from, to int) segment {
	return segment{p.text[from:to], p.first && from == 0, noToken}
}

// preTokenizer splits a segment into smaller ones, which it appends to segments.
type preTokenizer interface {
	split(segments []segment, p segment) []segment
}

// newPreTokenizers reads the pre_tokenizer of a tokenizer.json. byteLevel reports whether
// the last one is ByteLevel, which turns bytes into characters. dropsStart reports
// whether a normalizer may remove the start of the text.
func newPreTokenizers(c *component, dropsStart bool) (preTokenizers []preTokenizer, byteLevel bool, err error) {
	if c == nil {
		return nil, false, nil
	}
	for i, c := range c.flatten(func(c *component) []component { return c.Pretokenizers }) {
		if c.Type == "Metaspace" && c.PrependScheme == "first" && (i > 0 || dropsStart) {
			return nil, false, errors.New("prepend_scheme first is only supported if no step before it may remove or split the start of a text")
		}
		if byteLevel {
			return nil, false, fmt.Errorf("pre-tokenizer %q after ByteLevel is not supported", c.Type)
		}
		var s preTokenizer
		if s, err = newPreTokenizer(&c); err != nil {
			return nil, false, fmt.Errorf("pre-tokenizer %q: %w", c.Type, err)
		}
		byteLevel = c.Type == "ByteLevel"
		preTokenizers = append(preTokenizers, s)
	}
	return preTokenizers, byteLevel, nil
}

func newPreTokenizer(c *component) (preTokenizer, error) {
	switch c.Type {
	case "ByteLevel":
		space := c.AddPrefixSpace == nil || *c.AddPrefixSpace
		return byteLevelSplit{space: space, whole: c.UseRegex != nil && !*c.UseRegex}, nil
	case "Split":
		return newPatternSplit(c)
	case "Metaspace":
		return newMetaspace(c)
	case "Digits":
		if c.IndividualDigits {
			return patternSplit{eachChar(isNumber), isolated}, nil
		}
		return patternSplit{eachChar(isNumber), contiguous}, nil
	case "Punctuation":
		behavior, err := behaviorNamed(c.Behavior, isolated)
		return patternSplit{eachChar(isPunctuation), behavior}, err
	case "WhitespaceSplit":
		return patternSplit{eachChar(unicode.IsSpace), removed}, nil
	}
	return nil, errUnsupported
}

// isPunctuation reports whether the library treats r as punctuation.
func isPunctuation(r rune) bool {
	return unicode.IsPunct(r) && !unicode.Is(newPunctuation, r) || strings.ContainsRune("$+<=>^`|~", r)
}

// byteLevelSplit splits as GPT-2 does.
type byteLevelSplit struct {
	space bool // prepend a space unless the segment starts with one
	whole bool // do not split
}

func (b byteLevelSplit) split(segments []segment, p segment) []segment {
	if b.space && p.text[0] != ' ' {
		p.text = " " + p.text
	}
	if b.whole {
		return append(segments, p)
	}
	return scanSplit[gpt2]{}.split(segments, p)
}

// scanner finds the end of the word that starts at i.
type scanner interface {
	next(text string, i int) int
}

// scanSplit splits into the words that a scanner finds.
type scanSplit[S scanner] struct{ scanner S }

func (s scanSplit[S]) split(segments []segment, p segment) []segment {
	for i := 0; i < len(p.text); {
		end := s.scanner.next(p.text, i)
		segments = append(segments, p.cut(i, end))
		i = end
	}
	return segments
}

// metaspace replaces spaces by a visible mark and splits before each mark.
type metaspace struct {
	mark          string
	always, first bool // prepend a mark to every segment, or only to the start of the text
	whole         bool // do not split
}

func newMetaspace(c *component) (preTokenizer, error) {
	m := metaspace{mark: c.Replacement, whole: c.Split != nil && !*c.Split}
	if m.mark == "" {
		return nil, errors.New("no replacement")
	}
	scheme := c.PrependScheme
	if c.AddPrefixSpace != nil && !*c.AddPrefixSpace {
		if scheme == "" || scheme == "never" {
			return m, nil
		}
		return nil, errors.New("add_prefix_space does not match prepend_scheme")
	}
	switch scheme {
	case "", "always":
		m.always = true
	case "first":
		m.first = true
	case "never":
	default:
		return nil, fmt.Errorf("unknown prepend_scheme %q", scheme)
	}
	return m, nil
}

func (m metaspace) split(segments []segment, p segment) []segment {
	p.text = strings.ReplaceAll(p.text, " ", m.mark)
	if (m.always || m.first && p.first) && !strings.HasPrefix(p.text, m.mark) {
		p.text = m.mark + p.text
	}
	if m.whole {
		return append(segments, p)
	}
	for from := 0; from < len(p.text); {
		next := strings.Index(p.text[from+1:], m.mark)
		if next < 0 {
			return append(segments, p.cut(from, len(p.text)))
		}
		segments = append(segments, p.cut(from, from+1+next))
		from += 1 + next
	}
	return segments
}

// boundary splits before each mark that follows another character. No tokenizer.json
// contains it: it is added if no merge crosses such a boundary, so that a long text
// becomes words, which encode faster and can be cached.
type boundary struct{ mark string }

func (b boundary) split(segments []segment, p segment) []segment {
	from := 0
	for i := 0; ; {
		next := strings.Index(p.text[i:], b.mark)
		if next < 0 {
			return append(segments, p.cut(from, len(p.text)))
		}
		if next > 0 && i+next > from {
			segments = append(segments, p.cut(from, i+next))
			from = i + next
		}
		i += next + len(b.mark)
	}
}

// boundaryOf returns the boundary that no merge of the vocabulary crosses, if any.
func (b *bpe) boundaryOf(m *modelPart) (boundary, bool) {
	const mark = "▁"
	if _, known := m.Vocab.ids[mark]; !known || b.byteLevel || b.whole != nil {
		return boundary{}, false
	}
	for _, pair := range m.Merges {
		if strings.HasPrefix(pair[1], mark) && !strings.HasSuffix(pair[0], mark) {
			return boundary{}, false
		}
	}
	return boundary{mark}, true
}
