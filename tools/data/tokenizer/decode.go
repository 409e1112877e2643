package tokenizer

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// decoder is a step from tokens to text.
type decoder interface {
	decode(tokens []string) []string
}

// newDecoders reads the decoder of a tokenizer.json.
func newDecoders(c *component) ([]decoder, error) {
	if c == nil {
		return nil, nil
	}
	var decoders []decoder
	for _, c := range c.flatten(func(c *component) []component { return c.Decoders }) {
		d, err := newDecoder(&c)
		if err != nil {
			return nil, fmt.Errorf("decoder %q: %w", c.Type, err)
		}
		decoders = append(decoders, d)
	}
	return decoders, nil
}

func newDecoder(c *component) (decoder, error) {
	switch c.Type {
	case "ByteLevel":
		return byteLevelDecoder{newByteAlphabet()}, nil
	case "Replace":
		find, err := c.Pattern.compile()
		return eachToken(replace{find, c.contentText()}.apply), err
	case "ByteFallback":
		return byteFallbackDecoder{}, nil
	case "Fuse":
		return fuseDecoder{}, nil
	case "Strip":
		return eachToken(c.stripEnds), nil
	case "Metaspace":
		s, err := newMetaspace(c)
		if err != nil {
			return nil, err
		}
		return metaspaceDecoder{s.(metaspace)}, nil
	}
	return nil, errUnsupported
}

// eachToken decodes every token independently.
type eachToken func(string) string

func (f eachToken) decode(tokens []string) []string {
	for i, token := range tokens {
		tokens[i] = f(token)
	}
	return tokens
}

// stripEnds removes up to Start copies of the content from the start of the token and
// up to Stop copies from its end.
func (c *component) stripEnds(token string) string {
	for range c.Start {
		token = strings.TrimPrefix(token, c.contentText())
	}
	for range c.Stop {
		token = strings.TrimSuffix(token, c.contentText())
	}
	return token
}

// fuseDecoder joins all tokens into one.
type fuseDecoder struct{}

func (fuseDecoder) decode(tokens []string) []string { return []string{strings.Join(tokens, "")} }

// metaspaceDecoder turns marks back into spaces and removes the mark that encoding
// prepended.
type metaspaceDecoder struct{ metaspace }

func (s metaspaceDecoder) decode(tokens []string) []string {
	for i, token := range tokens {
		by := " "
		if i == 0 && (s.always || s.first) {
			by = ""
		}
		tokens[i] = strings.ReplaceAll(token, s.mark, by)
	}
	return tokens
}

// byteLevelDecoder decodes the tokens of a byte-level vocabulary.
type byteLevelDecoder struct{ alphabet byteAlphabet }

func (o byteLevelDecoder) decode(tokens []string) []string {
	var s strings.Builder
	for _, token := range tokens {
		if text, ok := o.alphabet.bytes(token); ok {
			token = text
		}
		s.WriteString(token)
	}
	return []string{toValidUTF8(s.String())}
}

// byteFallbackDecoder turns tokens such as <0x0A> into bytes and joins neighbours.
type byteFallbackDecoder struct{}

func (byteFallbackDecoder) decode(tokens []string) []string {
	var decoded []string
	var row []byte
	end := func() {
		switch {
		case len(row) == 0:
		case utf8.Valid(row):
			decoded = append(decoded, string(row))
		default:
			for range row {
				decoded = append(decoded, "\ufffd")
			}
		}
		row = row[:0]
	}
	for _, token := range tokens {
		if len(token) == 6 && strings.HasPrefix(token, "<0x") && token[5] == '>' {
			if b, err := strconv.ParseUint(token[3:5], 16, 8); err == nil {
				row = append(row, byte(b))
				continue
			}
		}
		end()
		decoded = append(decoded, token)
	}
	end()
	return decoded
}

// toValidUTF8 replaces each maximal prefix of an incomplete character by one U+FFFD, as
// Unicode recommends. strings.ToValidUTF8 merges runs of them, and a range loop gives
// one for each byte.
func toValidUTF8(text string) string {
	if utf8.ValidString(text) {
		return text
	}
	var s strings.Builder
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && size == 1 {
			size = invalidPrefix(text[i:])
			s.WriteString("\ufffd")
		} else {
			s.WriteString(text[i : i+size])
		}
		i += size
	}
	return s.String()
}

// invalidPrefix returns the length of the incomplete character that text starts with.
func invalidPrefix(text string) int {
	for n := min(3, len(text)); n > 1; n-- {
		// FullRune is false only for bytes that a character may start with.
		if !utf8.FullRuneInString(text[:n]) {
			return n
		}
	}
	return 1
}

// byteLevelTable holds the text of each token of a byte-level vocabulary by id, so that
// decoding needs no map lookups.
type byteLevelTable struct {
	once    sync.Once
	pieces  []string
	special []bool
}

// byteLevelTable returns nil if decoding does more than join bytes.
func (t *Tokenizer) byteLevelTable() *byteLevelTable {
	if len(t.decoders) != 1 || len(t.texts) == 0 {
		return nil
	}
	bytes, ok := t.decoders[0].(byteLevelDecoder)
	if !ok {
		return nil
	}
	t.table.once.Do(func() { t.table.fill(t, bytes.alphabet) })
	return &t.table
}

func (l *byteLevelTable) fill(t *Tokenizer, alphabet byteAlphabet) {
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

// decode does what Tokenizer.Decode does.
func (l *byteLevelTable) decode(ids []uint32, special bool) string {
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
	return toValidUTF8(text.String())
}
