package tokenizer

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// decoder makes of tokens the text they stand for, step by step.
type decoder interface {
	decode(tokens []string) []string
}

// newDecoders reads decoder of a tokenizer.json.
func newDecoders(c *component) ([]decoder, error) {
	if c == nil {
		return nil, nil
	}
	var decoders []decoder
	for _, c := range c.flat(func(c *component) []component { return c.Decoders }) {
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
		return ofBytes{newAlphabet()}, nil
	case "Replace":
		find, err := c.Pattern.compile()
		return eachToken(replace{find, c.text()}.apply), err
	case "ByteFallback":
		return bytesOfNames{}, nil
	case "Fuse":
		return fuse{}, nil
	case "Strip":
		return eachToken(c.stripEnds), nil
	case "Metaspace":
		s, err := newMetaspace(c)
		if err != nil {
			return nil, err
		}
		return spaces{s.(metaspace)}, nil
	}
	return nil, errUnknown
}

// eachToken decodes every token by itself.
type eachToken func(string) string

func (f eachToken) decode(tokens []string) []string {
	for i, token := range tokens {
		tokens[i] = f(token)
	}
	return tokens
}

// stripEnds takes at most so many of a character from each end.
func (c *component) stripEnds(token string) string {
	for range c.Start {
		token = strings.TrimPrefix(token, c.text())
	}
	for range c.Stop {
		token = strings.TrimSuffix(token, c.text())
	}
	return token
}

// fuse makes one of all tokens.
type fuse struct{}

func (fuse) decode(tokens []string) []string { return []string{strings.Join(tokens, "")} }

// spaces turns marks back; what was put before the text is taken away.
type spaces struct{ metaspace }

func (s spaces) decode(tokens []string) []string {
	for i, token := range tokens {
		by := " "
		if i == 0 && (s.always || s.first) {
			by = ""
		}
		tokens[i] = strings.ReplaceAll(token, s.mark, by)
	}
	return tokens
}

// ofBytes decodes a byte-level vocabulary's tokens.
type ofBytes struct{ alphabet alphabet }

func (o ofBytes) decode(tokens []string) []string {
	var s strings.Builder
	for _, token := range tokens {
		if text, ok := o.alphabet.bytes(token); ok {
			token = text
		}
		s.WriteString(token)
	}
	return []string{valid(s.String())}
}

// bytesOfNames joins bytes that are written as <0x0A>.
type bytesOfNames struct{}

func (bytesOfNames) decode(tokens []string) []string {
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

// valid puts one U+FFFD in the place of each longest start of a character that
// has no end, as Unicode recommends. Go's own way is one for each byte.
func valid(text string) string {
	if utf8.ValidString(text) {
		return text
	}
	var s strings.Builder
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && size == 1 {
			size = startOfChar(text[i:])
			s.WriteString("\ufffd")
		} else {
			s.WriteString(text[i : i+size])
		}
		i += size
	}
	return s.String()
}

// startOfChar is how many bytes could be the start of a character.
func startOfChar(text string) int {
	for n := min(3, len(text)); n > 1; n-- {
		// More bytes are awaited only if a character may start so.
		if !utf8.FullRuneInString(text[:n]) {
			return n
		}
	}
	return 1
}
