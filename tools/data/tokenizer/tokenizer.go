// Package tokenizer provides Hugging Face tokenizers: it reads a tokenizer.json and
// counts, encodes and decodes tokens as the tokenizers library does, id by id.
//
// A text passes through these steps, whose names the files of this package begin with:
//
//	added_tokens   special tokens are found in the text
//	normalize      Unicode normal forms, lower case and other rewriting
//	pretokenize    the text is split into words
//	model          BPE or Unigram turns each word into ids
//	post_process   special tokens are put around the ids
//	decode         the way back, from ids to text
//
// The package needs no network. Package locate finds a model's file.
package tokenizer

import (
	"slices"
	"strings"
	"sync"
)

// Tokenizer is a Hugging Face tokenizer. Goroutines may share it.
type Tokenizer struct {
	raw, normal   *addedTokens // to find in the text, and in the normalized text
	normalizers   []normalizer
	preTokenizers []preTokenizer
	model         model
	decoders      []decoder
	before, after []uint32 // special tokens around every text

	size    int               // of the model's vocabulary
	ids     map[string]uint32 // ids of the model's tokens
	texts   map[uint32]string // tokens as written in the file
	special map[string]bool   // tokens that decoding may leave out
	free    sync.Pool         // unused encoders, of type *encoder
	table   byteLevelTable
	tokens  map[uint32]addedToken // added tokens
}

// setAddedTokens assigns ids to the added tokens: those of the model, or else the next
// free ones. Like the library it ignores the ids in the file.
func (t *Tokenizer) setAddedTokens(list []addedToken) {
	t.tokens, t.special = map[uint32]addedToken{}, map[string]bool{}
	byText := map[string]uint32{}
	next := uint32(t.size)
	for _, token := range list {
		if token.Content == "" {
			continue
		}
		id, known := byText[token.Content]
		if !known {
			id, known = t.ids[token.Content]
		}
		if !known {
			id = next
			next++
		}
		byText[token.Content] = id
		t.tokens[id] = token
		if token.Special {
			t.special[token.Content] = true
		}
	}
	raw, normal := map[uint32]addedToken{}, map[uint32]addedToken{}
	for id, token := range t.tokens {
		t.texts[id] = token.Content
		if token.Normalized {
			normal[id] = token
			t.texts[id] = t.normalize(token.Content)
		} else {
			raw[id] = token
		}
	}
	t.raw = newAddedTokens(raw, func(a addedToken) string { return a.Content })
	t.normal = newAddedTokens(normal, func(a addedToken) string { return t.normalize(a.Content) })
}

func (t *Tokenizer) normalize(text string) string {
	for _, n := range t.normalizers {
		text = n(text)
	}
	return text
}

// VocabSize returns the number of tokens of the model, without added tokens.
func (t *Tokenizer) VocabSize() int { return t.size }

// Count returns the number of tokens of a text, without the special tokens that the
// model expects around it.
func (t *Tokenizer) Count(text string) int {
	e := t.encoder()
	defer t.free.Put(e)
	e.ids = e.encode(e.ids[:0], text)
	return len(e.ids)
}

// Encode returns the ids of a text. If special is set, they include the special tokens
// that the model expects around it.
func (t *Tokenizer) Encode(text string, special bool) []uint32 {
	e := t.encoder()
	defer t.free.Put(e)
	if !special {
		return e.encode(nil, text)
	}
	return append(e.encode(slices.Clone(t.before), text), t.after...)
}

// Decode returns the text of ids. It skips unknown ids, and special tokens unless
// special is set.
func (t *Tokenizer) Decode(ids []uint32, special bool) string {
	if l := t.byteLevelTable(); l != nil {
		return l.decode(ids, special)
	}
	var tokens []string
	for _, id := range ids {
		if token, known := t.texts[id]; known && (special || !t.special[token]) {
			tokens = append(tokens, token)
		}
	}
	if t.decoders == nil {
		return strings.Join(tokens, " ")
	}
	for _, d := range t.decoders {
		tokens = d.decode(tokens)
	}
	return strings.Join(tokens, "")
}

func (t *Tokenizer) encoder() *encoder {
	if e, ok := t.free.Get().(*encoder); ok {
		return e
	}
	return newEncoder(t)
}
