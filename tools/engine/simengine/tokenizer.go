package simengine

import (
	"iter"
	"net/http"
	"unicode"
	"unicode/utf8"
)

// serveTokenize splits a prompt or messages into tokens, in vLLM's shape.
func (e *Engine) serveTokenize(w http.ResponseWriter, r *http.Request) {
	data, invalid := readBody(w, r)
	if invalid != nil {
		invalid.send(w)
		return
	}
	body, invalid := parse(data)
	if invalid == nil {
		_, invalid = e.resolveModel(body.Model)
	}
	if invalid == nil && !body.Prompt.given && body.Messages == nil {
		invalid = badRequest("prompt", "one of prompt and messages is needed")
	}
	if invalid != nil {
		invalid.send(w)
		return
	}
	text := body.Prompt.text
	if !body.Prompt.given {
		text = applyChatTemplate(body.Messages)
	}
	ids := body.Prompt.ids
	if ids == nil {
		ids = []uint32{}
		for token := range tokensOf(text) {
			ids = append(ids, tokenID(token))
		}
	}
	sendJSON(w, struct {
		Count        int      `json:"count"`
		MaxModelLen  int      `json:"max_model_len"`
		Tokens       []uint32 `json:"tokens"`
		TokenStrings []string `json:"token_strs"`
	}{len(ids), e.config.MaxModelLen, ids, nil})
}

// tokenID returns the number of a token, a hash of its bytes that is the same in
// every process. It has 31 bits, for clients that read ids as signed integers.
func tokenID(token string) uint32 {
	// FNV-1a with its halves folded together.
	hash := uint64(14695981039346656037)
	for i := range len(token) {
		hash = (hash ^ uint64(token[i])) * 1099511628211
	}
	return uint32(hash^hash>>32) & (1<<31 - 1)
}

// tokensOf returns the tokens of a text, without allocating:
//
//   - a run of letters, together with one space right before it;
//   - one digit;
//   - any other single character that is not white space;
//   - the rest of a run of white space, without the space that belongs to the
//     following word.
//
// So "hi hi hi" has three tokens, and " 12 µm." has the tokens " ", "1", "2",
// " µm" and ".". The concatenated tokens are the text. Text that starts with a
// space and a letter can be appended to any other text without changing the
// tokens of that text, so an answer has as many tokens in the next prompt as it
// had when it was generated.
func tokensOf(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		source := scanner{text: text}
		for token := source.next(); token != ""; token = source.next() {
			if !yield(token) {
				return
			}
		}
	}
}

// A scanner splits a text into tokens.
type scanner struct {
	text string
	at   int // where the next token starts, in bytes
}

// next returns the next token, or "" at the end of the text.
func (s *scanner) next() string {
	start := s.at
	if start >= len(s.text) {
		return ""
	}
	kind, size := classify(s.text[start:])
	s.at += size
	switch kind {
	case letter:
		s.skip(letter)
	case space:
		s.skip(space)
		s.leaveWordItsSpace(start)
	}
	return s.text[start:s.at]
}

// skip moves to the end of a run of characters of one kind.
func (s *scanner) skip(kind kind) {
	for s.at < len(s.text) {
		next, size := classify(s.text[s.at:])
		if next != kind {
			return
		}
		s.at += size
	}
}

// leaveWordItsSpace is called at the end of white space that began at start. If
// a plain space precedes a word, it belongs to the word: longer white space ends
// before that space, and a single space is extended by the word.
func (s *scanner) leaveWordItsSpace(start int) {
	if s.at >= len(s.text) || s.text[s.at-1] != ' ' {
		return
	}
	if next, _ := classify(s.text[s.at:]); next != letter {
		return
	}
	if s.at-start > 1 {
		s.at--
		return
	}
	s.skip(letter)
}

// kind is the class of a character.
type kind byte

const (
	other kind = iota
	letter
	space
)

// ascii holds the kind of each one-byte character.
var ascii = func() (kinds [utf8.RuneSelf]kind) {
	for char := range rune(utf8.RuneSelf) {
		kinds[char] = kindOf(char)
	}
	return kinds
}()

// classify returns the kind and the length in bytes of the first character of a
// text, which must not be empty. An invalid UTF-8 byte is a character of its own.
func classify(text string) (kind, int) {
	if first := text[0]; first < utf8.RuneSelf {
		return ascii[first], 1
	}
	char, size := utf8.DecodeRuneInString(text)
	return kindOf(char), size
}

func kindOf(char rune) kind {
	switch {
	case unicode.IsLetter(char), unicode.IsMark(char):
		return letter
	case unicode.IsSpace(char):
		return space
	}
	return other
}
