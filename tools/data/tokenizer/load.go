package tokenizer

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
)

// Load reads a Hugging Face tokenizer.json.
func Load(path string) (*Tokenizer, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	t, err := Parse(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return t, nil
}

// Parse reads the content of a tokenizer.json. What it does not know it
// rejects by name: a tokenizer that is nearly right counts wrong.
func Parse(data []byte) (*Tokenizer, error) {
	var f file
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, fmt.Errorf("not a tokenizer.json: %w", err)
	}
	splitters, byteLevel, err := newSplitters(f.PreTokenizer, f.dropsStart())
	if err != nil {
		return nil, err
	}
	t := &Tokenizer{splitters: splitters}
	var faults []error
	note := func(err error) { faults = append(faults, err) }
	t.normalizers, err = newNormalizers(f.Normalizer)
	note(err)
	t.decoders, err = newDecoders(f.Decoder)
	note(err)
	note(t.setModel(&f.Model, byteLevel))
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	t.setAdded(f.AddedTokens)
	t.before, t.after, err = frame(f.PostProcessor)
	return t, err
}

// file is a tokenizer.json.
type file struct {
	AddedTokens   []addedToken `json:"added_tokens"`
	Normalizer    *component   `json:"normalizer"`
	PreTokenizer  *component   `json:"pre_tokenizer"`
	PostProcessor *component   `json:"post_processor"`
	Decoder       *component   `json:"decoder"`
	Model         modelPart    `json:"model"`
}

func (f *file) dropsStart() bool {
	return f.Normalizer != nil && slices.ContainsFunc(f.Normalizer.normalizers(), func(c component) bool { return c.dropsStart() })
}

// component is a normalizer, pre-tokenizer, post-processor or decoder; its
// type says which fields it has.
type component struct {
	Type          string      `json:"type"`
	Normalizers   []component `json:"normalizers"`
	Pretokenizers []component `json:"pretokenizers"`
	Processors    []component `json:"processors"`
	Decoders      []component `json:"decoders"`

	Pattern             *patternPart    `json:"pattern"`
	Behavior            string          `json:"behavior"`
	Invert              bool            `json:"invert"`
	Content             json.RawMessage `json:"content"`
	Prepend             string          `json:"prepend"`
	PrecompiledCharsmap []byte          `json:"precompiled_charsmap"` // base64
	StripLeft           bool            `json:"strip_left"`
	StripRight          bool            `json:"strip_right"`
	Start               int             `json:"start"`
	Stop                int             `json:"stop"`
	AddPrefixSpace      *bool           `json:"add_prefix_space"`
	UseRegex            *bool           `json:"use_regex"`
	Replacement         string          `json:"replacement"`
	PrependScheme       string          `json:"prepend_scheme"`
	Split               *bool           `json:"split"`
	IndividualDigits    bool            `json:"individual_digits"`
	framePart
}

// errUnknown is the error of a component whose type has no code here.
var errUnknown = errors.New("it is not supported; the counts would be wrong")

// flat is the component, or those it is a sequence of.
func (c *component) flat(children func(*component) []component) []component {
	if c.Type != "Sequence" {
		return []component{*c}
	}
	var all []component
	for _, child := range children(c) {
		all = append(all, child.flat(children)...)
	}
	return all
}

func (c *component) normalizers() []component {
	return c.flat(func(c *component) []component { return c.Normalizers })
}

// text is the content, where it is one.
func (c *component) text() string {
	var text string
	_ = json.Unmarshal(c.Content, &text)
	return text
}

// modelPart is the model of a tokenizer.json.
type modelPart struct {
	Type                    string  `json:"type"`
	Vocab                   vocab   `json:"vocab"`
	Merges                  pairs   `json:"merges"`
	Dropout                 float64 `json:"dropout"`
	UnkToken                string  `json:"unk_token"`
	UnkID                   *int    `json:"unk_id"`
	ContinuingSubwordPrefix string  `json:"continuing_subword_prefix"`
	EndOfWordSuffix         string  `json:"end_of_word_suffix"`
	FuseUnk                 bool    `json:"fuse_unk"`
	ByteFallback            bool    `json:"byte_fallback"`
	IgnoreMerges            bool    `json:"ignore_merges"`
}

// vocab is either a map of tokens to ids, or a list of pieces, whose places
// are their ids.
type vocab struct {
	ids    map[string]uint32
	pieces []piece
}

type piece struct {
	text  string
	score float64
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

// pairs are merges, written as "a b" or as ["a", "b"].
type pairs [][2]string

func (p *pairs) UnmarshalJSON(data []byte) error {
	var lines []string
	if json.Unmarshal(data, &lines) != nil {
		return json.Unmarshal(data, (*[][2]string)(p))
	}
	lines = slices.DeleteFunc(lines, func(line string) bool { return strings.HasPrefix(line, "#version") })
	*p = make(pairs, len(lines))
	for i, line := range lines {
		left, right, found := strings.Cut(line, " ")
		if !found || strings.Contains(right, " ") {
			return fmt.Errorf("merge %d, %q, is not two tokens with a space between", i+1, line)
		}
		(*p)[i] = [2]string{left, right}
	}
	return nil
}
