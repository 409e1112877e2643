// Package tokens is how many tokens a text has: by the tokenizer of the model
// that will read it, or else by the next best way, which is then named.
package tokenizer

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Tokenizer is a Hugging Face tokenizer. Its ids are those of the tokenizers
// library. Any number of goroutines may use it.
type Tokenizer struct {
	raw, normal   *added // tokens found in the text, and in the normalized text
	normalizers   []normalizer
	splitters     []splitter
	model         model
	decoders      []decoder
	before, after []uint32 // special tokens around every text

	size    int               // of the model's vocabulary
	ids     map[string]uint32 // of the model's tokens
	texts   map[uint32]string // tokens, as they are written
	special map[string]bool   // those that are no part of a text
	free    sync.Pool         // of *encoder
	lookup  lookup
	tokens  map[uint32]addedToken // added ones
}

// setModel reads the model, once it is known what its words are made of.
func (t *Tokenizer) setModel(m *modelPart, byteLevel bool) error {
	t.ids, t.texts = m.Vocab.ids, map[uint32]string{}
	kind := m.Type
	if kind == "" && len(m.Merges) > 0 {
		kind = "BPE" // files of old do not say
	}
	var err error
	switch kind {
	case "BPE":
		var b *bpe
		if b, err = newBPE(m, byteLevel); err == nil {
			if boundary, ok := b.boundaryOf(m); ok {
				t.splitters = append(t.splitters, boundary)
			}
			t.model = b
		}
	case "Unigram":
		if byteLevel {
			err = errors.New("it is not supported with ByteLevel")
			break
		}
		t.model, err = newUnigram(m)
		t.ids = map[string]uint32{}
		for id, piece := range m.Vocab.pieces {
			t.ids[piece.text] = uint32(id)
			t.texts[uint32(id)] = piece.text
		}
	default:
		err = errUnknown
	}
	if err != nil {
		return fmt.Errorf("model %q: %w", m.Type, err)
	}
	for token, id := range t.ids {
		t.texts[id] = token
	}
	t.size = max(len(m.Vocab.ids), len(m.Vocab.pieces))
	return nil
}

// setAdded gives the added tokens their ids: those of the model, or else the
// next free ones, whatever the file says, as the library does.
func (t *Tokenizer) setAdded(list []addedToken) {
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
	t.raw = newAdded(raw, func(a addedToken) string { return a.Content })
	t.normal = newAdded(normal, func(a addedToken) string { return t.normalize(a.Content) })
}

func (t *Tokenizer) normalize(text string) string {
	for _, n := range t.normalizers {
		text = n(text)
	}
	return text
}

// VocabSize is the number of tokens that the model has, without added ones.
func (t *Tokenizer) VocabSize() int { return t.size }

// Count is the number of tokens of a text alone, without the special ones
// that stand around every text.
func (t *Tokenizer) Count(text string) int {
	e := t.encoder()
	defer t.free.Put(e)
	e.ids = e.encode(e.ids[:0], text)
	return len(e.ids)
}

// Encode are the ids of a text; framed: with the special tokens around it.
func (t *Tokenizer) Encode(text string, framed bool) []uint32 {
	e := t.encoder()
	defer t.free.Put(e)
	if !framed {
		return e.encode(nil, text)
	}
	return append(e.encode(slices.Clone(t.before), text), t.after...)
}

// Decode is the text of ids. Ids of no token are left out, and special tokens
// too unless they are wanted.
func (t *Tokenizer) Decode(ids []uint32, special bool) string {
	if l := t.lookUp(); l != nil {
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
