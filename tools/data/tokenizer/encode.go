package tokenizer

import "strings"

// encoder encodes texts for one goroutine at a time. It caches the ids of words.
type encoder struct {
	t        *Tokenizer
	segments [2][]segment // of the text, before and after a step
	cache    map[string]span
	arena    []uint32 // ids of cached words
	ids      []uint32
	workspace
}

// span is a range of encoder.arena.
type span struct{ from, to uint32 }

// Bounds of the cache. Texts have few distinct words, most of which repeat.
const (
	maxCachedBytes = 64 // bytes
	maxCachedWords = 1 << 18
)

func newEncoder(t *Tokenizer) *encoder { return &encoder{t: t, cache: map[string]span{}} }

func (e *encoder) encode(ids []uint32, text string) []uint32 {
	t := e.t
	text = strings.ToValidUTF8(text, "\ufffd")
	segments, spare := append(e.segments[0][:0], segment{text, true, noToken}), e.segments[1][:0]
	step := func(split func([]segment, segment) []segment) {
		spare = spare[:0]
		for _, p := range segments {
			switch {
			case p.id != noToken:
				spare = append(spare, p)
			case p.text != "":
				spare = split(spare, p)
			}
		}
		segments, spare = spare, segments
	}
	if t.raw != nil {
		step(t.raw.split)
	}
	if len(t.normalizers) > 0 {
		step(func(segments []segment, p segment) []segment {
			p.text = t.normalize(p.text)
			return append(segments, p)
		})
	}
	if t.normal != nil {
		step(t.normal.split)
	}
	for _, s := range t.preTokenizers {
		step(s.split)
	}
	for _, p := range segments {
		switch {
		case p.id != noToken:
			ids = append(ids, p.id)
		case p.text != "":
			ids = e.word(ids, p.text)
		}
	}
	clear(segments)
	clear(spare[:cap(spare)])
	e.segments = [2][]segment{segments, spare}
	return ids
}

// word appends the ids of a word, from the cache if possible.
func (e *encoder) word(ids []uint32, word string) []uint32 {
	if s, known := e.cache[word]; known {
		return append(ids, e.arena[s.from:s.to]...)
	}
	from := len(ids)
	ids = e.t.model.encode(ids, word, &e.workspace)
	if len(word) > maxCachedBytes {
		return ids
	}
	if len(e.cache) == maxCachedWords {
		clear(e.cache)
		e.arena = e.arena[:0]
	}
	s := span{from: uint32(len(e.arena))}
	e.arena = append(e.arena, ids[from:]...)
	s.to = uint32(len(e.arena))
	e.cache[strings.Clone(word)] = s
	return ids
}
