package spec

import (
	"fmt"
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"
)

// Numbers as PyYAML 6 resolves them. In YAML 1.1 a float needs a dot and a signed exponent,
// so 1e5 is text, and there are numbers in base 60.
var (
	integer = regexp.MustCompile(`^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$`)
	float   = regexp.MustCompile(`^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$`)
)

func isMerge(key *yaml.Node) bool {
	return key.Kind == yaml.ScalarNode && (key.Style == 0 && key.Value == "<<" ||
		key.Style&yaml.TaggedStyle != 0 && key.ShortTag() == "!!merge")
}

// scalar resolves a scalar. Timestamps and binary data stay text, since JSON lacks them.
func scalar(node *yaml.Node) (any, error) {
	text := node.Value
	switch tag := tagOf(node); tag {
	case "!!null":
		return nil, nil
	case "!!bool":
		return boolean(text)
	case "!!int":
		return whole(text)
	case "!!float":
		return decimal(text)
	case "!!str", "!!timestamp", "!!binary":
		return text, nil
	default:
		return nil, fmt.Errorf("unknown tag %q", tag)
	}
}

// tagOf returns the explicit tag, or the one that plain text implies.
func tagOf(node *yaml.Node) string {
	text := node.Value
	switch {
	case node.Style&yaml.TaggedStyle != 0 && node.Tag != "!":
		return node.ShortTag()
	case node.Style != 0:
		return "!!str"
	case text == "" || text == "~" || strings.EqualFold(text, "null") && oneCase(text):
		return "!!null"
	case isBoolean(text):
		return "!!bool"
	case integer.MatchString(text):
		return "!!int"
	case float.MatchString(text):
		return "!!float"
	}
	return "!!str"
}

func isBoolean(text string) bool {
	_, err := boolean(text)
	return err == nil && oneCase(text)
}

// oneCase reports whether text is word, Word or WORD.
func oneCase(text string) bool {
	rest := text[1:]
	return rest == strings.ToLower(rest) || text == strings.ToUpper(text)
}

func boolean(text string) (bool, error) {
	switch strings.ToLower(text) {
	case "yes", "true", "on":
		return true, nil
	case "no", "false", "off":
		return false, nil
	}
	return false, fmt.Errorf("%q is not a boolean", text)
}
