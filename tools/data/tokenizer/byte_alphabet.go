package tokenizer

import (
	"strings"
)

// Byte-level vocabularies write each byte as a visible character: as itself if it is
// one, otherwise as the next unused character from U+0100.

// byteChars returns the character of every byte.
func byteChars() (chars [256]rune) {
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

// byteAlphabet maps characters to the bytes that they represent.
type byteAlphabet map[rune]byte

func newByteAlphabet() byteAlphabet {
	a := byteAlphabet{}
	for b, char := range byteChars() {
		a[char] = byte(b)
	}
	return a
}

// bytes returns the bytes that a token represents. It reports false if the token has a
// character outside the alphabet.
func (a byteAlphabet) bytes(token string) (string, bool) {
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
