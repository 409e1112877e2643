package tokenizer

import (
	"encoding/json"
	"errors"
	"fmt"
)

// postProcessPart holds the fields of post-processors.
type postProcessPart struct {
	Single        []templatePiece `json:"single"`
	SpecialTokens map[string]struct {
		IDs []uint32 `json:"ids"`
	} `json:"special_tokens"`
	Cls, Sep namedID
}

// templatePiece is an element of a template: a special token or the text.
type templatePiece struct {
	SpecialToken *struct {
		ID string `json:"id"`
	}
	Sequence *struct {
		ID string `json:"id"`
	}
}

// namedID is the id of a token written as ["</s>", 2].
type namedID struct{ id uint32 }

// specialTokens reads the post_processor of a tokenizer.json. It returns the ids that
// come before and after every text.
func specialTokens(c *component) (before, after []uint32, err error) {
	if c == nil {
		return nil, nil, nil
	}
	for _, c := range c.flatten(func(c *component) []component { return c.Processors }) {
		switch c.Type {
		case "ByteLevel": // changes offsets only
		case "TemplateProcessing":
			var b, a []uint32
			if b, a, err = c.template(); err != nil {
				return nil, nil, fmt.Errorf("post-processor %q: %w", c.Type, err)
			}
			before, after = append(b, before...), append(after, a...)
		case "RobertaProcessing", "BertProcessing":
			before = append([]uint32{c.Cls.id}, before...)
			after = append(after, c.Sep.id)
		default:
			return nil, nil, fmt.Errorf("post-processor %q: %w", c.Type, errUnsupported)
		}
	}
	return before, after, nil
}

// template returns the ids before and after the text.
func (c *component) template() (before, after []uint32, err error) {
	seen := false
	for _, piece := range c.Single {
		switch {
		case piece.Sequence != nil && !seen:
			seen = true
		case piece.SpecialToken != nil:
			token, known := c.SpecialTokens[piece.SpecialToken.ID]
			if !known {
				return nil, nil, fmt.Errorf("the special token %q has no ids", piece.SpecialToken.ID)
			}
			if seen {
				after = append(after, token.IDs...)
			} else {
				before = append(before, token.IDs...)
			}
		default:
			return nil, nil, errors.New("the template must consist of special tokens around one text")
		}
	}
	if !seen {
		return nil, nil, errors.New("the template has no place for the text")
	}
	return before, after, nil
}

func (n *namedID) UnmarshalJSON(data []byte) error {
	var name string
	return json.Unmarshal(data, &[]any{&name, &n.id})
}
