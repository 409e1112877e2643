package tokenizer

import (
	"strings"
	"sync"
)

// lookup is what the tokens of a byte-level vocabulary stand for, by id: with
// it a text is decoded without a search for each token.
type lookup struct {
	once    sync.Once
	pieces  []string
	special []bool
}

// lookUp is nil where decoding takes more than joining bytes.
func (t *Tokenizer) lookUp() *lookup {
	if len(t.decoders) != 1 || len(t.texts) == 0 {
		return nil
	}
	bytes, ok := t.decoders[0].(ofBytes)
	if !ok {
		return nil
	}
	t.lookup.once.Do(func() { t.lookup.fill(t, bytes.alphabet) })
	return &t.lookup
}

func (l *lookup) fill(t *Tokenizer, alphabet alphabet) {
	last := uint32(0)
	for id := range t.texts {
		last = max(last, id)
	}
	l.pieces, l.special = make([]string, last+1), make([]bool, last+1)
	for id, token := range t.texts {
		l.pieces[id], l.special[id] = token, t.special[token]
		if piece, ok := alphabet.bytes(token); ok {
			l.pieces[id] = piece
		}
	}
}

// decode is Tokenizer.Decode.
func (l *lookup) decode(ids []uint32, special bool) string {
	size := 0
	for _, id := range ids {
		if int(id) < len(l.pieces) && (special || !l.special[id]) {
			size += len(l.pieces[id])
		}
	}
	var text strings.Builder
	text.Grow(size)
	for _, id := range ids {
		if int(id) < len(l.pieces) && (special || !l.special[id]) {
			text.WriteString(l.pieces[id])
		}
	}
	return valid(text.String())
}
