package spec

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"gopkg.in/yaml.v3"

	"github.com/LMCache/LMBench/tools/data/pyjson"
)

// Bounds on what aliases may expand to: a file of a few lines can expand to billions of
// values.
const (
	maxValues = 100_000
	maxDepth  = 1_000
)

// Parse parses a YAML document that is a mapping.
func Parse(text []byte) (Map, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	var document yaml.Node
	if err := decoder.Decode(&document); err == io.EOF {
		return nil, errors.New("the file is empty")
	} else if err != nil {
		return nil, err
	}
	if err := decoder.Decode(new(yaml.Node)); err != io.EOF {
		return nil, errors.New("more than one document")
	}
	var r parser
	value, err := r.value(document.Content[0], 0)
	if err != nil {
		return nil, err
	}
	mapping, ok := value.(Map)
	if !ok {
		return nil, errors.New("not a mapping")
	}
	return mapping, nil
}

// parser turns one document into values, and counts them.
type parser struct{ values int }

func (r *parser) value(node *yaml.Node, depth int) (any, error) {
	r.values++
	if depth > maxDepth || r.values > maxValues {
		return nil, fmt.Errorf("line %d: too many values, or an alias inside itself", node.Line)
	}
	switch node.Kind {
	case yaml.AliasNode:
		return r.value(node.Alias, depth+1)
	case yaml.SequenceNode:
		list := make([]any, 0, len(node.Content))
		for _, item := range node.Content {
			value, err := r.value(item, depth+1)
			if err != nil {
				return nil, err
			}
			list = append(list, value)
		}
		return list, nil
	case yaml.MappingNode:
		return r.mapping(node, depth)
	}
	value, err := scalar(node)
	if err != nil {
		return nil, fmt.Errorf("line %d: %w", node.Line, err)
	}
	return value, nil
}

// mapping puts merged keys first, as PyYAML does. A repeated key replaces the value and keeps
// its position.
func (r *parser) mapping(node *yaml.Node, depth int) (Map, error) {
	merged, written := Map{}, Map{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		if isMerge(node.Content[i]) {
			if err := r.merge(&merged, node.Content[i+1], depth+1); err != nil {
				return nil, err
			}
			continue
		}
		key, err := r.key(node.Content[i], depth+1)
		if err != nil {
			return nil, err
		}
		value, err := r.value(node.Content[i+1], depth+1)
		if err != nil {
			return nil, err
		}
		written = append(written, Entry{key, value})
	}
	return unique(append(merged, written...)), nil
}

// unique keeps the first position and the last value of each key.
func unique(entries Map) Map {
	index := make(map[string]int, len(entries))
	kept := make(Map, 0, len(entries))
	for _, entry := range entries {
		i, there := index[entry.Key]
		if there {
			kept[i].Value = entry.Value
			continue
		}
		index[entry.Key] = len(kept)
		kept = append(kept, entry)
	}
	return kept
}

// merge appends the mappings of <<. The first of several takes precedence, so they are
// appended in reverse.
func (r *parser) merge(into *Map, node *yaml.Node, depth int) error {
	value, err := r.value(node, depth)
	if err != nil {
		return err
	}
	list, ok := value.([]any)
	if !ok {
		list = []any{value}
	}
	for i := len(list) - 1; i >= 0; i-- {
		mapping, ok := list[i].(Map)
		if !ok {
			return fmt.Errorf("line %d: << needs a mapping", node.Line)
		}
		*into = append(*into, mapping...)
	}
	return nil
}

// key returns the text that Python's json gives a key.
func (r *parser) key(node *yaml.Node, depth int) (string, error) {
	value, err := r.value(node, depth)
	if err != nil {
		return "", err
	}
	switch value := value.(type) {
	case string:
		return value, nil
	case nil:
		return "null", nil
	case float64:
		return pyjson.Float(value), nil
	case Map, []any:
		return "", fmt.Errorf("line %d: a key must be a scalar", node.Line)
	}
	return fmt.Sprint(value), nil
}
