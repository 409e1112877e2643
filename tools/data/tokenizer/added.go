package tokenizer

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// addedToken is a token that is found in the text before the model sees it.
type addedToken struct {
	Content    string
	SingleWord bool `json:"single_word"` // not within a word
	LStrip     bool // takes the white space before it along
	RStrip     bool // and that after it
	Normalized bool // found in the normalized text
	Special    bool // not part of the text that a person reads
}

// added are tokens to find in a text: of several that start at the same
// place, the longest.
type added struct {
	texts  *trie
	first  [256]bool // the bytes they start with
	only   byte      // the one byte they all start with, if there is just one
	single bool
	tokens map[uint32]addedToken
}

// newAdded returns nil if there are none.
func newAdded(tokens map[uint32]addedToken, text func(addedToken) string) *added {
	if len(tokens) == 0 {
		return nil
	}
	a := &added{texts: newTrie(), tokens: tokens}
	starts := 0
	for id, token := range tokens {
		content := text(token)
		if content == "" {
			continue
		}
		a.texts.add(content, id)
		if !a.first[content[0]] {
			a.first[content[0]], a.only = true, content[0]
			starts++
		}
	}
	a.single = starts == 1
	return a
}

// find is the first token at or after i; none: no more is there.
func (a *added) find(text string, i int) (id uint32, start, stop int) {
	for ; i < len(text); i++ {
		if a.single {
			to := strings.IndexByte(text[i:], a.only)
			if to < 0 {
				break
			}
			i += to
		} else if !a.first[text[i]] {
			continue
		}
		if id, length := a.texts.longest(text[i:]); length > 0 {
			return id, i, i + length
		}
	}
	return none, len(text), len(text)
}

// split cuts a part of the text at its tokens.
func (a *added) split(parts []part, p part) []part {
	text := p.text
	done := 0 // up to here all is in parts
	for i := 0; ; {
		id, start, stop := a.find(text, i)
		if id == none {
			break
		}
		i = stop
		token := a.tokens[id]
		if token.SingleWord && (endsInWord(text[:start]) || startsWithWord(text[stop:])) {
			continue
		}
		if token.LStrip {
			start = max(len(strings.TrimRightFunc(text[:start], unicode.IsSpace)), done)
		}
		if token.RStrip {
			stop = len(text) - len(strings.TrimLeftFunc(text[stop:], unicode.IsSpace))
		}
		if done < start {
			parts = append(parts, p.cut(done, start))
		}
		found := p.cut(start, stop)
		found.id = id
		parts = append(parts, found)
		done = stop
	}
	if done < len(text) {
		parts = append(parts, p.cut(done, len(text)))
	}
	return parts
}

func endsInWord(text string) bool {
	r, size := utf8.DecodeLastRuneInString(text)
	return size > 0 && isWord(r)
}

func startsWithWord(text string) bool {
	r, size := utf8.DecodeRuneInString(text)
	return size > 0 && isWord(r)
}
