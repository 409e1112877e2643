package tokenizer

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// model turns a word into ids.
type model interface {
	encode(ids []uint32, word string, w *workspace) []uint32
}

// noToken is the id that stands for the absence of a token.
const noToken = ^uint32(0)

// modelPart is the model of a tokenizer.json.
type modelPart struct {
	Type                    string    `json:"type"`
	Vocab                   vocab     `json:"vocab"`
	Merges                  mergeList `json:"merges"`
	Dropout                 float64   `json:"dropout"`
	UnkToken                string    `json:"unk_token"`
	UnkID                   *int      `json:"unk_id"`
	ContinuingSubwordPrefix string    `json:"continuing_subword_prefix"`
	EndOfWordSuffix         string    `json:"end_of_word_suffix"`
	FuseUnk                 bool      `json:"fuse_unk"`
	ByteFallback            bool      `json:"byte_fallback"`
	IgnoreMerges            bool      `json:"ignore_merges"`
}

// setModel reads the model. byteLevel reports whether its words consist of bytes.
func (t *Tokenizer) setModel(m *modelPart, byteLevel bool) error {
	t.ids, t.texts = m.Vocab.ids, map[uint32]string{}
	kind := m.Type
	if kind == "" && len(m.Merges) > 0 {
		kind = "BPE" // old files do not name the type
	}
	var err error
	switch kind {
	case "BPE":
		var b *bpe
		if b, err = newBPE(m, byteLevel); err == nil {
			if boundary, ok := b.boundaryOf(m); ok {
				t.preTokenizers = append(t.preTokenizers, boundary)
			}
			t.model = b
		}
	case "Unigram":
		if byteLevel {
			err = errors.New("not supported with ByteLevel")
			break
		}
		t.model, err = newUnigram(m)
		t.ids = map[string]uint32{}
		for id, piece := range m.Vocab.pieces {
			t.ids[piece.text] = uint32(id)
			t.texts[uint32(id)] = piece.text
		}
	default:
		err = errUnsupported
	}
	if err != nil {
		return fmt.Errorf("model %q: %w", m.Type, err)
	}
	for token, id := range t.ids {
		t.texts[id] = token
	}
	t.size = max(len(m.Vocab.ids), len(m.Vocab.pieces))
	return nil
}

// vocab is either a map of tokens to ids (BPE) or a list of pieces whose indices are
// their ids (Unigram).
type vocab struct {
	ids    map[string]uint32
	pieces []piece
}

// piece is a token of a Unigram vocabulary.
type piece struct {
	text  string
	score float64 // logarithm of its probability
}

func (v *vocab) UnmarshalJSON(data []byte) error {
	if data[0] == '[' {
		v.pieces = []piece{}
		return json.Unmarshal(data, &v.pieces)
	}
	return json.Unmarshal(data, &v.ids)
}

func (p *piece) UnmarshalJSON(data []byte) error {
	return json.Unmarshal(data, &[]any{&p.text, &p.score})
}

// mergeList holds the merges of a BPE model, written as "a b" or as ["a", "b"].
type mergeList [][2]string

func (p *mergeList) UnmarshalJSON(data []byte) error {
	var lines []string
	if json.Unmarshal(data, &lines) != nil {
		return json.Unmarshal(data, (*[][2]string)(p))
	}
	lines = slices.DeleteFunc(lines, func(line string) bool { return strings.HasPrefix(line, "#version") })
	*p = make(mergeList, len(lines))
	for i, line := range lines {
		left, right, found := strings.Cut(line, " ")
		if !found || strings.Contains(right, " ") {
			return fmt.Errorf("merge %d, %q: want two tokens separated by a space", i+1, line)
		}
		(*p)[i] = [2]string{left, right}
	}
	return nil
}
