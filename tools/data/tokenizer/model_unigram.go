package tokenizer

import (
	"errors"
	"fmt"
	"math"
	"unicode/utf8"
)

// unigram is a Unigram model. It splits a word into the pieces whose scores, the
// logarithms of their probabilities, have the highest sum (Viterbi).
type unigram struct {
	pieces   *trie
	scores   []float64
	unknown  uint32  // noToken if the vocabulary has no unknown piece
	penalty  float64 // score of an unknown character
	fallback bool
	bytes    [256]uint32 // ids of tokens like <0x0A>, or noToken
}

// unknownPenalty is subtracted from the lowest score to give that of an unknown
// character.
const unknownPenalty = 10

func newUnigram(m *modelPart) (*unigram, error) {
	pieces := m.Vocab.pieces
	if pieces == nil {
		return nil, errors.New("the vocabulary is not a list of pieces and scores")
	}
	u := &unigram{pieces: newTrie(), unknown: noToken, penalty: math.Inf(1), fallback: m.ByteFallback}
	if m.UnkID != nil {
		if *m.UnkID < 0 || *m.UnkID >= len(pieces) {
			return nil, fmt.Errorf("unk_id %d: the vocabulary has %d pieces", *m.UnkID, len(pieces))
		}
		u.unknown = uint32(*m.UnkID)
	}
	for i := range u.bytes {
		u.bytes[i] = noToken
	}
	for id, piece := range pieces {
		u.pieces.add(piece.text, uint32(id))
		u.scores = append(u.scores, piece.score)
		u.penalty = min(u.penalty, piece.score)
		var b byte
		if n, _ := fmt.Sscanf(piece.text, "<0x%02X>", &b); n == 1 && len(piece.text) == 6 {
			u.bytes[b] = uint32(id)
		}
	}
	u.penalty -= unknownPenalty
	return u, nil
}

// path is the best segmentation up to a position in the word, by its last piece.
type path struct {
	id    uint32 // of the last piece
	from  int    // where the last piece starts; -1 if the position is not reached yet
	score float64
}

func (u *unigram) encode(ids []uint32, word string, w *workspace) []uint32 {
	ends := append(w.ends[:0], path{})
	for range len(word) {
		ends = append(ends, path{from: -1})
	}
	w.ends = ends
	for i := 0; i < len(word); {
		_, width := utf8.DecodeRuneInString(word[i:])
		u.extend(ends, word, i, width)
		i += width
	}
	// The path is followed back from the end, then reversed.
	first := len(ids)
	for stop := len(word); stop > 0; {
		e := ends[stop]
		from := e.from
		if e.id == u.unknown {
			for from > 0 && ends[from].id == u.unknown {
				from = ends[from].from
			}
			ids = u.reverseUnknown(ids, word[from:stop])
		} else {
			ids = append(ids, e.id)
		}
		stop = from
	}
	for i, j := first, len(ids)-1; i < j; i, j = i+1, j-1 {
		ids[i], ids[j] = ids[j], ids[i]
	}
	return ids
}

// extend tries all pieces that start at i. The character at i has width bytes.
func (u *unigram) extend(ends []path, word string, i, width int) {
	here := ends[i].score
	reach := func(stop int, id uint32, score float64) {
		if e := &ends[stop]; e.from < 0 || here+score > e.score {
			*e = path{id, i, here + score}
		}
	}
	single := false
	node := root
	for j := i; j < len(word); j++ {
		if node = u.pieces.step(node, word[j]); node == noToken {
			break
		}
		if id := u.pieces.ids[node]; id != noToken {
			reach(j+1, id, u.scores[id])
			single = single || j+1-i == width
		}
	}
	if !single {
		reach(i+width, u.unknown, u.penalty)
	}
}

// reverseUnknown appends the ids of unknown characters, last id first.
func (u *unigram) reverseUnknown(ids []uint32, text string) []uint32 {
	if id := u.pieces.find(text); id != noToken {
		return append(ids, id)
	}
	if u.fallback && u.haveBytes(text) {
		for i := len(text) - 1; i >= 0; i-- {
			ids = append(ids, u.bytes[text[i]])
		}
		return ids
	}
	return append(ids, u.unknown)
}

// haveBytes reports whether every byte of text has a token.
func (u *unigram) haveBytes(text string) bool {
	for i := range len(text) {
		if u.bytes[text[i]] == noToken {
			return false
		}
	}
	return true
}
