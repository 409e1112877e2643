package tokenizer

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/LMCache/LMBench/tools/data/userfile"
)

// Load reads the tokenizer.json at path.
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

// Parse reads the content of a tokenizer.json. It rejects components that it does not
// support, because a tokenizer that is nearly right counts wrong.
func Parse(data []byte) (*Tokenizer, error) {
	var f file
	if err := json.Unmarshal(userfile.TrimMark(data), &f); err != nil {
		return nil, fmt.Errorf("not a tokenizer.json: %w", err)
	}
	preTokenizers, byteLevel, err := newPreTokenizers(f.PreTokenizer, f.mayDropStart())
	if err != nil {
		return nil, err
	}
	t := &Tokenizer{preTokenizers: preTokenizers}
	var errs []error
	note := func(err error) { errs = append(errs, err) }
	t.normalizers, err = newNormalizers(f.Normalizer)
	note(err)
	t.decoders, err = newDecoders(f.Decoder)
	note(err)
	note(t.setModel(&f.Model, byteLevel))
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	t.setAddedTokens(f.AddedTokens)
	t.before, t.after, err = specialTokens(f.PostProcessor)
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

// mayDropStart reports whether the normalizer may remove the start of a text.
func (f *file) mayDropStart() bool {
	return f.Normalizer != nil && slices.ContainsFunc(f.Normalizer.normalizers(), func(c component) bool { return c.mayDropStart() })
}

// component is a normalizer, pre-tokenizer, post-processor or decoder. Its type
// determines which of the fields it has.
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
	postProcessPart
}

// errUnsupported reports a component of an unsupported type.
var errUnsupported = errors.New("not supported; token counts would be wrong")

// flatten returns the components of a sequence, or the component itself.
func (c *component) flatten(children func(*component) []component) []component {
	if c.Type != "Sequence" {
		return []component{*c}
	}
	var all []component
	for _, child := range children(c) {
		all = append(all, child.flatten(children)...)
	}
	return all
}

func (c *component) normalizers() []component {
	return c.flatten(func(c *component) []component { return c.Normalizers })
}

// contentText returns the content if it is a string.
func (c *component) contentText() string {
	var text string
	_ = json.Unmarshal(c.Content, &text)
	return text
}
