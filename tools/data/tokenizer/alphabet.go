package tokenizer

import "strings"

// Byte-level vocabularies write each byte as a character that can be seen:
// itself where it is one, else one from U+0100 on, in order.

// shown is the character of every byte.
func shown() (chars [256]rune) {
	next := rune(256)
	for b := range chars {
		switch {
		case b >= '!' && b <= '~', b >= 0xa1 && b <= 0xac, b >= 0xae:
			chars[b] = rune(b)
		default:
			chars[b] = next
			next++
		}
	}
	return chars
}

// alphabet is the byte of every character that stands for one.
type alphabet map[rune]byte

func newAlphabet() alphabet {
	a := alphabet{}
	for b, char := range shown() {
		a[char] = byte(b)
	}
	return a
}

// bytes are the bytes that a token stands for; false if it has a character of
// another kind.
func (a alphabet) bytes(token string) (string, bool) {
	var s strings.Builder
	for _, char := range token {
		b, known := a[char]
		if !known {
			return "", false
		}
		s.WriteByte(b)
	}
	return s.String(), true
}
