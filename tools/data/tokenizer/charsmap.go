package tokenizer

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// charsMap is sentencepiece's table of characters and what they become, such
// as nmt_nfkc: a double-array trie and the texts it points to.
type charsMap struct {
	trie  []uint32
	texts []byte // each ends in a zero byte
}

func newCharsMap(data []byte) (normalizer, error) {
	if len(data) == 0 {
		return func(text string) string { return text }, nil
	}
	broken := errors.New("precompiled_charsmap is broken")
	if len(data) < 4 {
		return nil, broken
	}
	size := binary.LittleEndian.Uint32(data)
	data = data[4:]
	if size%4 != 0 || size == 0 || uint64(size) > uint64(len(data)) {
		return nil, broken
	}
	c := &charsMap{texts: data[size:]}
	for ; size > 0; size -= 4 {
		c.trie = append(c.trie, binary.LittleEndian.Uint32(data))
		data = data[4:]
	}
	return c.apply, nil
}

// longest is how long, in bytes, a cluster is looked up as a whole.
const longest = 6

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
	if len(cluster) < longest {
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

// lookUp is what the shortest entry that a text starts with becomes. The rest
// of the text is lost, as it is in sentencepiece's port of it.
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
			to, _, _ := bytes.Cut(c.texts[start:], []byte{0})
			return to, true
		}
	}
	return nil, false
}

// offset is where a unit's children are.
func offset(unit uint32) uint32 { return unit >> 10 << (unit & (1 << 9) >> 6) }
