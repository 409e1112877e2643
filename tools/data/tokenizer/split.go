package tokenizer

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
)

// part is a part of a text on its way to ids: a word at the end.
type part struct {
	text  string
	first bool   // the text starts with it
	id    uint32 // of the added token that it is; none: it is text
}

// cut is a part of a part.
func (p part) cut(from, to int) part {
	return part{p.text[from:to], p.first && from == 0, none}
}

// splitter cuts a part of the text into smaller ones.
type splitter interface {
	split(parts []part, p part) []part
}

// newSplitters reads pre_tokenizer of a tokenizer.json. ByteLevel, which turns
// bytes into characters, can only be the last: byteLevel tells whether it is.
// dropsStart tells whether a normalizer may have taken the start of the text away.
func newSplitters(c *component, dropsStart bool) (splitters []splitter, byteLevel bool, err error) {
	if c == nil {
		return nil, false, nil
	}
	for i, c := range c.flat(func(c *component) []component { return c.Pretokenizers }) {
		if c.Type == "Metaspace" && c.PrependScheme == "first" && (i > 0 || dropsStart) {
			return nil, false, errors.New("prepend_scheme first is only supported where nothing before it may take away or split the start of a text")
		}
		if byteLevel {
			return nil, false, fmt.Errorf("pre-tokenizer %q after ByteLevel is not supported", c.Type)
		}
		var s splitter
		if s, err = newSplitter(&c); err != nil {
			return nil, false, fmt.Errorf("pre-tokenizer %q: %w", c.Type, err)
		}
		byteLevel = c.Type == "ByteLevel"
		splitters = append(splitters, s)
	}
	return splitters, byteLevel, nil
}

func newSplitter(c *component) (splitter, error) {
	switch c.Type {
	case "ByteLevel":
		space := c.AddPrefixSpace == nil || *c.AddPrefixSpace
		return byteLevel{space: space, whole: c.UseRegex != nil && !*c.UseRegex}, nil
	case "Split":
		return newCutter(c)
	case "Metaspace":
		return newMetaspace(c)
	case "Digits":
		if c.IndividualDigits {
			return cutter{eachChar(isNumber), isolated}, nil
		}
		return cutter{eachChar(isNumber), contiguous}, nil
	case "Punctuation":
		behavior, err := behaviorNamed(c.Behavior, isolated)
		return cutter{eachChar(isPunctuation), behavior}, err
	case "WhitespaceSplit":
		return cutter{eachChar(unicode.IsSpace), removed}, nil
	}
	return nil, errUnknown
}

func isPunctuation(r rune) bool {
	return unicode.IsPunct(r) && !unicode.Is(newerPunctuation, r) || strings.ContainsRune("$+<=>^`|~", r)
}

// byteLevel splits as GPT-2 does.
type byteLevel struct {
	space bool // a part that does not start with a space gets one
	whole bool // nothing is split
}

func (b byteLevel) split(parts []part, p part) []part {
	if b.space && p.text[0] != ' ' {
		p.text = " " + p.text
	}
	if b.whole {
		return append(parts, p)
	}
	return scanned[gpt2]{}.split(parts, p)
}

// scanner knows where words end.
type scanner interface {
	next(text string, i int) int
}

// scanned splits as a scanner says.
type scanned[S scanner] struct{ scanner S }

func (s scanned[S]) split(parts []part, p part) []part {
	for i := 0; i < len(p.text); {
		end := s.scanner.next(p.text, i)
		parts = append(parts, p.cut(i, end))
		i = end
	}
	return parts
}

// metaspace writes spaces as a character that can be seen, and each begins a
// word.
type metaspace struct {
	mark          string
	always, first bool // every part begins with a mark; or only that which begins the text
	whole         bool // nothing is split
}

func newMetaspace(c *component) (splitter, error) {
	m := metaspace{mark: c.Replacement, whole: c.Split != nil && !*c.Split}
	if m.mark == "" {
		return nil, fmt.Errorf("it has no replacement")
	}
	scheme := c.PrependScheme
	if c.AddPrefixSpace != nil && !*c.AddPrefixSpace {
		if scheme == "" || scheme == "never" {
			return m, nil
		}
		return nil, fmt.Errorf("add_prefix_space does not match prepend_scheme")
	}
	switch scheme {
	case "", "always":
		m.always = true
	case "first":
		m.first = true
	case "never":
	default:
		return nil, fmt.Errorf("prepend_scheme %q is not known", scheme)
	}
	return m, nil
}

func (m metaspace) split(parts []part, p part) []part {
	p.text = strings.ReplaceAll(p.text, " ", m.mark)
	if (m.always || m.first && p.first) && !strings.HasPrefix(p.text, m.mark) {
		p.text = m.mark + p.text
	}
	if m.whole {
		return append(parts, p)
	}
	for from := 0; from < len(p.text); {
		next := strings.Index(p.text[from+1:], m.mark)
		if next < 0 {
			return append(parts, p.cut(from, len(p.text)))
		}
		parts = append(parts, p.cut(from, from+1+next))
		from += 1 + next
	}
	return parts
}

// boundary splits before each mark that follows another character. It is no
// part of a tokenizer.json: it is there where no merge crosses such a place,
// so that long texts become words.
type boundary struct{ mark string }

func (b boundary) split(parts []part, p part) []part {
	from := 0
	for i := 0; ; {
		next := strings.Index(p.text[i:], b.mark)
		if next < 0 {
			return append(parts, p.cut(from, len(p.text)))
		}
		if next > 0 && i+next > from {
			parts = append(parts, p.cut(from, i+next))
			from = i + next
		}
		i += next + len(b.mark)
	}
}

// boundaryOf is the boundary that a vocabulary leaves alone; false: none.
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
