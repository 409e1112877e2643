package enginemetrics

import (
	"bytes"
	"math"
	"strconv"
	"strings"
)

// maxValue bounds each value so that sums cannot overflow.
const maxValue = 1e300

// Total sums up all series of one name.
type Total struct{ Sum, Count float64 }

// Parse parses Prometheus' text format and OpenMetrics. It skips histogram buckets and
// invalid lines. It is written here because the library for it adds 4 MB to every
// workload's binary.
func Parse(page []byte) map[string]Total {
	series := map[string]Total{}
	for line := range bytes.Lines(page) {
		name, value, ok := parseLine(line)
		if !ok || bytes.HasSuffix(name, []byte("_bucket")) {
			continue
		}
		t := series[string(name)]
		t.Sum += value
		t.Count++
		series[string(name)] = t
	}
	return series
}

// parseLine parses a sample: a name, labels, a value and possibly a timestamp or an
// exemplar. ok is false if the value is not a finite number.
func parseLine(line []byte) (name []byte, value float64, ok bool) {
	line = bytes.TrimSpace(line)
	end := bytes.IndexAny(line, "{ \t")
	if end < 0 || line[0] == '#' {
		return nil, 0, false
	}
	name = line[:end]
	rest := line[end:]
	if rest[0] == '{' {
		labels := labelsLength(rest)
		if labels < 0 {
			return nil, 0, false
		}
		if len(name) == 0 {
			name = quotedName(rest) // {"a name", label="value"}
		}
		rest = rest[labels:]
	}
	rest = bytes.TrimLeft(rest, " \t")
	if end := bytes.IndexAny(rest, " \t"); end >= 0 {
		rest = rest[:end] // a timestamp or an exemplar follows
	}
	value, err := strconv.ParseFloat(string(rest), 64)
	if err != nil || !(math.Abs(value) <= maxValue) || len(name) == 0 || !isName(name) {
		return nil, 0, false
	}
	return name, value, true
}

// labelsLength returns the length of the labels at the start of text, or -1 if their end is
// missing. Quoted values may contain braces.
func labelsLength(text []byte) int {
	inQuotes := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case inQuotes && c == '\\':
			i++
		case c == '"':
			inQuotes = !inQuotes
		case c == '}' && !inQuotes:
			return i + 1
		}
	}
	return -1
}

// quotedName returns the quoted name at the start of labels, or nil.
func quotedName(labels []byte) []byte {
	inner := bytes.TrimLeft(labels[1:], " \t")
	if len(inner) == 0 || inner[0] != '"' {
		return nil
	}
	name, _, _ := bytes.Cut(inner[1:], []byte{'"'})
	return name
}

// isName reports whether a name has only the characters that engines use.
func isName(name []byte) bool {
	for _, c := range name {
		letter := 'a' <= c|0x20 && c|0x20 <= 'z'
		if !letter && (c < '0' || c > '9') && strings.IndexByte("_:.-", c) < 0 {
			return false
		}
	}
	return true
}
