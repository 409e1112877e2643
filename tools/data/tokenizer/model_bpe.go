package tokenizer

import (
	"errors"
	"fmt"
	"unicode/utf8"
)

// bpe is a byte-pair encoding model. It starts from the symbols of a word's characters,
// or of its bytes if the vocabulary is byte-level, and merges them.
type bpe struct {
	merges
	symbolOf  map[rune]uint32
	ascii     [utf8.RuneSelf]uint32
	bytes     [256]uint32 // symbols of bytes; without byteLevel those of tokens like <0x0A>
	byteLevel bool
	fallback  bool              // characters without a symbol become bytes
	unknown   uint32            // for other characters; noToken drops them
	fuse      bool              // consecutive unknown characters become one
	whole     map[string]uint32 // words that are tokens and need no merging; nil merges all
}

// newBPE reads a model of the type BPE.
func newBPE(m *modelPart, byteLevel bool) (*bpe, error) {
	if err := m.checkBPE(byteLevel); err != nil {
		return nil, err
	}
	b := &bpe{byteLevel: byteLevel, fallback: m.ByteFallback, unknown: noToken, fuse: m.FuseUnk, symbolOf: map[rune]uint32{}}
	if m.UnkToken != "" {
		id, known := m.Vocab.ids[m.UnkToken]
		if !known {
			return nil, fmt.Errorf("the unknown token %q is not in the vocabulary", m.UnkToken)
		}
		b.unknown = id
	}
	for i := range b.bytes {
		b.bytes[i] = noToken
	}
	for i := range b.ascii {
		b.ascii[i] = noToken
	}
	b.readSymbols(m)
	return b, b.readMerges(m)
}

// checkBPE rejects options that are not supported.
func (m *modelPart) checkBPE(byteLevel bool) error {
	switch {
	case m.Vocab.ids == nil:
		return errors.New("the vocabulary is not a map of tokens to ids")
	case m.Dropout != 0:
		return errors.New("dropout is not supported: it makes tokens random")
	case m.ContinuingSubwordPrefix != "":
		return errors.New("continuing_subword_prefix is not supported")
	case m.EndOfWordSuffix != "":
		return errors.New("end_of_word_suffix is not supported")
	case byteLevel && m.ByteFallback:
		return errors.New("byte_fallback is not supported with ByteLevel")
	}
	return nil
}

// readSymbols finds the tokens that words are composed of.
func (b *bpe) readSymbols(m *modelPart) {
	letters := newByteAlphabet()
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

// readMerges reads which pairs of symbols merge, and into what.
func (b *bpe) readMerges(m *modelPart) error {
	b.pairs = newPairTable(len(m.Merges))
	for rank, pair := range m.Merges {
		left, hasLeft := m.Vocab.ids[pair[0]]
		right, hasRight := m.Vocab.ids[pair[1]]
		id, hasBoth := m.Vocab.ids[pair[0]+pair[1]]
		if !hasLeft || !hasRight || !hasBoth {
			return fmt.Errorf("merge %d, %q and %q: both tokens and their concatenation must be in the vocabulary", rank+1, pair[0], pair[1])
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
		w.symbols = b.byteSymbols(w.symbols[:0], word)
	} else {
		w.symbols = b.charSymbols(w.symbols[:0], word)
	}
	return append(ids, b.merge(w.symbols, w)...)
}

// byteSymbols appends the symbols of a word's bytes.
func (b *bpe) byteSymbols(symbols []uint32, word string) []uint32 {
	unknown := false // the previous byte had no symbol
	for i := range len(word) {
		id := b.bytes[word[i]]
		if id == noToken {
			if b.unknown != noToken && !(unknown && b.fuse) {
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

// charSymbols appends the symbols of a word's characters.
func (b *bpe) charSymbols(symbols []uint32, word string) []uint32 {
	waiting := 0 // unknown characters not yet written
	write := func() {
		if waiting > 0 && b.unknown != noToken {
			symbols = append(symbols, b.unknown)
		}
		waiting = 0
	}
	for i, r := range word {
		id := noToken
		if r < utf8.RuneSelf {
			id = b.ascii[r]
		} else if known, ok := b.symbolOf[r]; ok {
			id = known
		}
		if id != noToken {
			write()
			symbols = append(symbols, id)
			continue
		}
		if b.fallback {
			// As in the library, the bytes come before unknown characters that wait.
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

// haveBytes reports whether every byte of text has a symbol.
func (b *bpe) haveBytes(text string) bool {
	for i := range len(text) {
		if b.bytes[text[i]] == noToken {
			return false
		}
	}
	return true
}
