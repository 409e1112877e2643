package tokenizer

import (
	"strings"
)

// encoder is a tokenizer at work in one goroutine, with the words it has met.
type encoder struct {
	t     *Tokenizer
	parts [2][]part // of the text: before a step and after it
	known map[string]span
	arena []uint32 // ids of known words
	ids   []uint32
	workspace
}

// span is a range of the arena.
type span struct{ from, to uint32 }

// How much an encoder remembers. A text's words are few and most come again.
const (
	longestKnown = 64 // bytes
	mostKnown    = 1 << 18
)

func newEncoder(t *Tokenizer) *encoder { return &encoder{t: t, known: map[string]span{}} }

func (e *encoder) encode(ids []uint32, text string) []uint32 {
	t := e.t
	text = strings.ToValidUTF8(text, "\ufffd")
	parts, spare := append(e.parts[0][:0], part{text, true, none}), e.parts[1][:0]
	step := func(split func([]part, part) []part) {
		spare = spare[:0]
		for _, p := range parts {
			switch {
			case p.id != none:
				spare = append(spare, p)
			case p.text != "":
				spare = split(spare, p)
			}
		}
		parts, spare = spare, parts
	}
	if t.raw != nil {
		step(t.raw.split)
	}
	if len(t.normalizers) > 0 {
		step(func(parts []part, p part) []part {
			p.text = t.normalize(p.text)
			return append(parts, p)
		})
	}
	if t.normal != nil {
		step(t.normal.split)
	}
	for _, s := range t.splitters {
		step(s.split)
	}
	for _, p := range parts {
		switch {
		case p.id != none:
			ids = append(ids, p.id)
		case p.text != "":
			ids = e.word(ids, p.text)
		}
	}
	clear(parts)
	clear(spare[:cap(spare)])
	e.parts = [2][]part{parts, spare}
	return ids
}

// word appends the ids of a word.
func (e *encoder) word(ids []uint32, word string) []uint32 {
	if s, known := e.known[word]; known {
		return append(ids, e.arena[s.from:s.to]...)
	}
	from := len(ids)
	ids = e.t.model.encode(ids, word, &e.workspace)
	if len(word) > longestKnown {
		return ids
	}
	if len(e.known) == mostKnown {
		clear(e.known)
		e.arena = e.arena[:0]
	}
	s := span{from: uint32(len(e.arena))}
	e.arena = append(e.arena, ids[from:]...)
	s.to = uint32(len(e.arena))
	e.known[strings.Clone(word)] = s
	return ids
}
