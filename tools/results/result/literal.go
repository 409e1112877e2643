package result

import (
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"

	"github.com/LMCache/LMBench/tools/results/spec"
)

// Python's integer and float literals, with a sign. A float has a point or an exponent; 05
// is neither an integer nor a float.
const digits = `[0-9](?:_?[0-9])*`

var (
	integer = regexp.MustCompile(`^[-+]?(?:0(?:_?0)*|[1-9](?:_?[0-9])*|0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+)$`)
	float   = regexp.MustCompile(`^[-+]?(?:(?:` + digits + `\.(?:` + digits + `)?|\.` + digits + `)(?:[eE][-+]?` + digits + `)?|` + digits + `[eE][-+]?` + digits + `)$`)
)

// literal reads the value of a KEY=VALUE pair. LMBench evaluates it as Python; here only
// numbers, True, False, None, quoted strings and lists of these are evaluated, and
// everything else is text.
func literal(text string) any {
	if value, ok := parse(text); ok {
		return value
	}
	return text
}

func parse(text string) (value any, ok bool) {
	text = strings.Trim(text, " \t\r\n\f")
	switch text {
	case "True":
		return true, true
	case "False":
		return false, true
	case "None":
		return nil, true
	}
	switch {
	case integer.MatchString(text):
		return whole(text)
	case float.MatchString(text):
		return decimal(text)
	case strings.HasPrefix(text, "["):
		return list(text)
	}
	return quoted(text)
}

// longestInteger is Python's own limit of decimal digits.
const longestInteger = 4300

func whole(text string) (any, bool) {
	digits := strings.ReplaceAll(text, "_", "")
	n, ok := new(big.Int).SetString(digits, 0)
	if !ok || len(digits) > longestInteger {
		return nil, false
	}
	return spec.Integer(n), true
}

// decimal rejects 1e999, which stays text: JSON has no infinity.
func decimal(text string) (any, bool) {
	v, err := strconv.ParseFloat(strings.ReplaceAll(text, "_", ""), 64)
	return v, err == nil && !math.IsInf(v, 0)
}

// quoted reads strings without escapes and without quotes inside.
func quoted(text string) (any, bool) {
	if len(text) < 2 || text[0] != '"' && text[0] != '\'' || text[len(text)-1] != text[0] {
		return nil, false
	}
	inside := text[1 : len(text)-1]
	if strings.ContainsAny(inside, text[:1]+"\\\n\r\x00") {
		return nil, false
	}
	return inside, true
}

// list reads [1, 'a', None], with a comma at the end or without.
func list(text string) (any, bool) {
	values := []any{}
	rest := strings.TrimSpace(text[1:])
	for rest != "]" {
		end := itemEnd(rest)
		if end < 0 {
			return nil, false
		}
		value, ok := parse(rest[:end])
		if !ok {
			return nil, false
		}
		values = append(values, value)
		if rest = rest[end:]; rest[0] == ',' {
			rest = strings.TrimSpace(rest[1:])
		}
	}
	return values, true
}

// itemEnd returns the position of the comma or bracket after an item, outside quotes, or
// -1.
func itemEnd(text string) int {
	var quote byte
	for i := range len(text) {
		switch c := text[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == ',' || c == ']':
			return i
		}
	}
	return -1
}
