package tokenizer

import (
	"errors"
	"fmt"
	"unicode/utf8"
)

// model turns a word into ids.
type model interface {
	encode(ids []uint32, word string, w *workspace) []uint32
}

// none is no id.
const none = ^uint32(0)

// bpe begins with the symbols of a word's characters, or of its bytes where
// the vocabulary is byte-level, and merges them.
type bpe struct {
	merges
	symbolOf  map[rune]uint32
	ascii     [utf8.RuneSelf]uint32
	bytes     [256]uint32 // byte-level: of each byte; else of what stands for it, <0x0A>
	byteLevel bool
	fallback  bool              // characters without a symbol become their bytes
	unknown   uint32            // for characters without any; none: they are left out
	fuse      bool              // unknown characters in a row become one
	whole     map[string]uint32 // words that are not merged because they are tokens; nil: all are
}

// newBPE reads the model of a tokenizer.json.
func newBPE(m *modelPart, byteLevel bool) (*bpe, error) {
	if err := m.checkBPE(byteLevel); err != nil {
		return nil, err
	}
	b := &bpe{byteLevel: byteLevel, fallback: m.ByteFallback, unknown: none, fuse: m.FuseUnk, symbolOf: map[rune]uint32{}}
	if m.UnkToken != "" {
		id, known := m.Vocab.ids[m.UnkToken]
		if !known {
			return nil, fmt.Errorf("the unknown token %q is not in the vocabulary", m.UnkToken)
		}
		b.unknown = id
	}
	for i := range b.bytes {
		b.bytes[i] = none
	}
	for i := range b.ascii {
		b.ascii[i] = none
	}
	b.readSymbols(m)
	return b, b.readMerges(m)
}

// checkBPE rejects what this model does not do.
func (m *modelPart) checkBPE(byteLevel bool) error {
	switch {
	case m.Vocab.ids == nil:
		return errors.New("the vocabulary is not a map of tokens to ids")
	case m.Dropout != 0:
		return errors.New("dropout makes tokens random")
	case m.ContinuingSubwordPrefix != "":
		return errors.New("continuing_subword_prefix is not supported")
	case m.EndOfWordSuffix != "":
		return errors.New("end_of_word_suffix is not supported")
	case byteLevel && m.ByteFallback:
		return errors.New("byte_fallback is not supported with ByteLevel")
	}
	return nil
}

// readSymbols finds the tokens that a word can begin with.
func (b *bpe) readSymbols(m *modelPart) {
	letters := newAlphabet()
	if m.IgnoreMerges {
		b.whole = make(map[string]uint32, len(m.Vocab.ids))
	}
	for token, id := range m.Vocab.ids {
		if r, size := utf8.DecodeRuneInString(token); size == len(token) && size > 0 {
			b.symbolOf[r] = id
			if r < utf8.RuneSelf {
				b.ascii[r] = id
			}
		}
		if b.byteLevel {
			text, ok := letters.bytes(token)
			if ok && len(text) == 1 {
				b.bytes[text[0]] = id
			}
			if ok && b.whole != nil {
				b.whole[text] = id
			}
		} else if b.whole != nil {
			b.whole[token] = id
		}
	}
	if b.fallback {
		for i := range b.bytes {
			if id, known := m.Vocab.ids[fmt.Sprintf("<0x%02X>", i)]; known {
				b.bytes[i] = id
			}
		}
	}
}

func (b *bpe) readMerges(m *modelPart) error {
	b.pairs = newTable(len(m.Merges))
	for rank, pair := range m.Merges {
		left, hasLeft := m.Vocab.ids[pair[0]]
		right, hasRight := m.Vocab.ids[pair[1]]
		id, hasBoth := m.Vocab.ids[pair[0]+pair[1]]
		if !hasLeft || !hasRight || !hasBoth {
			return fmt.Errorf("merge %d, %q and %q: they and what they make must all be in the vocabulary", rank+1, pair[0], pair[1])
		}
		b.pairs.set(left, right, uint64(rank)<<32|uint64(id))
	}
	return nil
}

func (b *bpe) encode(ids []uint32, word string, w *workspace) []uint32 {
	if b.whole != nil {
		if id, known := b.whole[word]; known {
			return append(ids, id)
		}
	}
	if b.byteLevel {
		w.symbols = b.ofBytes(w.symbols[:0], word)
	} else {
		w.symbols = b.ofChars(w.symbols[:0], word)
	}
	return append(ids, b.merge(w.symbols, w)...)
}

func (b *bpe) ofBytes(symbols []uint32, word string) []uint32 {
	unknown := false // was the character before
	for i := range len(word) {
		id := b.bytes[word[i]]
		if id == none {
			if b.unknown != none && !(unknown && b.fuse) {
				symbols = append(symbols, b.unknown)
			}
			unknown = true
			continue
		}
		unknown = false
		symbols = append(symbols, id)
	}
	return symbols
}

func (b *bpe) ofChars(symbols []uint32, word string) []uint32 {
	waiting := 0 // unknown characters that no symbol was written for yet
	write := func() {
		if waiting > 0 && b.unknown != none {
			symbols = append(symbols, b.unknown)
		}
		waiting = 0
	}
	for i, r := range word {
		id := none
		if r < utf8.RuneSelf {
			id = b.ascii[r]
		} else if known, ok := b.symbolOf[r]; ok {
			id = known
		}
		if id != none {
			write()
			symbols = append(symbols, id)
			continue
		}
		if b.fallback {
			// They overtake unknown characters that wait, as in the library.
			if bytes := word[i : i+utf8.RuneLen(r)]; b.haveBytes(bytes) {
				for _, c := range []byte(bytes) {
					symbols = append(symbols, b.bytes[c])
				}
				continue
			}
		}
		if waiting > 0 && !b.fuse {
			write()
		}
		waiting++
	}
	write()
	return symbols
}

func (b *bpe) haveBytes(text string) bool {
	for i := range len(text) {
		if b.bytes[text[i]] == none {
			return false
		}
	}
	return true
}
