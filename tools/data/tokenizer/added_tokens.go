package tokenizer

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// addedToken is a token that is found in the text before the model runs, such as
// <|endoftext|>.
type addedToken struct {
	Content    string
	SingleWord bool `json:"single_word"` // not matched within a word
	LStrip     bool // includes the white space before it
	RStrip     bool // includes the white space after it
	Normalized bool // matched in the normalized text
	Special    bool // not part of the text that people read
}

// addedTokens finds tokens in a text. If several start at the same position, the
// longest one matches.
type addedTokens struct {
	texts  *trie
	first  [256]bool // bytes that tokens start with
	only   byte      // valid if single
	single bool      // all tokens start with the byte only
	tokens map[uint32]addedToken
}

// newAddedTokens returns nil if tokens is empty.
func newAddedTokens(tokens map[uint32]addedToken, text func(addedToken) string) *addedTokens {
	if len(tokens) == 0 {
		return nil
	}
	a := &addedTokens{texts: newTrie(), tokens: tokens}
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

// find returns the first token at or after i, or noToken.
func (a *addedTokens) find(text string, i int) (id uint32, start, stop int) {
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
	return noToken, len(text), len(text)
}

// split splits a segment at its tokens.
func (a *addedTokens) split(segments []segment, p segment) []segment {
	text := p.text
	done := 0 // text[:done] is in segments
	for i := 0; ; {
		id, start, stop := a.find(text, i)
		if id == noToken {
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
			segments = append(segments, p.cut(done, start))
		}
		found := p.cut(start, stop)
		found.id = id
		segments = append(segments, found)
		done = stop
	}
	if done < len(text) {
		segments = append(segments, p.cut(done, len(text)))
	}
	return segments
}

func endsInWord(text string) bool {
	r, size := utf8.DecodeLastRuneInString(text)
	return size > 0 && isWord(r)
}

func startsWithWord(text string) bool {
	r, size := utf8.DecodeRuneInString(text)
	return size > 0 && isWord(r)
}
