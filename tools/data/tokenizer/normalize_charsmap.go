package tokenizer

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// charsMap is sentencepiece's precompiled table of replacements, such as nmt_nfkc: a
// double-array trie and the texts that it points to.
type charsMap struct {
	trie  []uint32
	texts []byte // each ends with a zero byte
}

func newCharsMap(data []byte) (normalizer, error) {
	if len(data) == 0 {
		return func(text string) string { return text }, nil
	}
	invalid := errors.New("precompiled_charsmap is invalid")
	if len(data) < 4 {
		return nil, invalid
	}
	size := binary.LittleEndian.Uint32(data)
	data = data[4:]
	if size%4 != 0 || size == 0 || uint64(size) > uint64(len(data)) {
		return nil, invalid
	}
	c := &charsMap{texts: data[size:]}
	for ; size > 0; size -= 4 {
		c.trie = append(c.trie, binary.LittleEndian.Uint32(data))
		data = data[4:]
	}
	return c.apply, nil
}

// maxClusterBytes bounds the grapheme clusters that are looked up as a whole.
const maxClusterBytes = 6

// apply replaces grapheme clusters, or else their characters.
func (c *charsMap) apply(text string) string {
	var s strings.Builder
	s.Grow(len(text))
	for rest := text; rest != ""; {
		cluster := rest[:1]
		if rest[0] >= utf8.RuneSelf || len(rest) > 1 && (rest[1] >= utf8.RuneSelf || rest[0] == '\r') {
			cluster, _, _, _ = uniseg.FirstGraphemeClusterInString(rest, -1)
		}
		rest = rest[len(cluster):]
		c.write(&s, cluster)
	}
	return s.String()
}

func (c *charsMap) write(s *strings.Builder, cluster string) {
	if len(cluster) < maxClusterBytes {
		if text, found := c.lookUp(cluster); found {
			s.Write(text)
			return
		}
	}
	for i, r := range cluster {
		char := cluster[i : i+utf8.RuneLen(r)]
		if text, found := c.lookUp(char); found {
			s.Write(text)
		} else {
			s.WriteString(char)
		}
	}
}

// lookUp returns the replacement of the shortest entry that text starts with. The rest
// of the text is dropped, as in the library.
func (c *charsMap) lookUp(text string) ([]byte, bool) {
	node := uint32(0)
	unit := c.trie[0]
	node ^= offset(unit)
	for i := range len(text) {
		b := uint32(text[i])
		node ^= b
		if b == 0 || int(node) >= len(c.trie) {
			return nil, false
		}
		unit = c.trie[node]
		if unit&(1<<31|0xff) != b {
			return nil, false
		}
		node ^= offset(unit)
		if int(node) >= len(c.trie) {
			return nil, false
		}
		if unit>>8&1 == 1 {
			start := int(c.trie[node] & (1<<31 - 1))
			if start > len(c.texts) {
				return nil, false
			}
			replacement, _, _ := bytes.Cut(c.texts[start:], []byte{0})
			return replacement, true
		}
	}
	return nil, false
}

// offset returns the offset of a unit's children (darts-clone format).
func offset(unit uint32) uint32 { return unit >> 10 << (unit & (1 << 9) >> 6) }
