package enginemetrics

import (
	"bytes"
	"math"
	"strconv"
	"strings"
)

// largest is so small that no sum becomes infinite.
const largest = 1e300

// Total are all series of one name.
type Total struct{ Sum, Count float64 }

// Parse reads Prometheus' text format, OpenMetrics' included. It is read by
// hand: the library for it would add 4 MB to every workload. Lines it does not
// understand it passes over; buckets of histograms nobody asks for.
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

// parseLine is one sample: a name, labels, a value and what may follow it.
// What is no number or infinite is no value.
func parseLine(line []byte) (name []byte, value float64, ok bool) {
	line = bytes.TrimSpace(line)
	end := bytes.IndexAny(line, "{ \t")
	if end < 0 || line[0] == '#' {
		return nil, 0, false
	}
	name = line[:end]
	rest := line[end:]
	if rest[0] == '{' {
		labels := braces(rest)
		if labels < 0 {
			return nil, 0, false
		}
		if len(name) == 0 {
			name = quoted(rest) // {"a name", label="value"}
		}
		rest = rest[labels:]
	}
	rest = bytes.TrimLeft(rest, " \t")
	if end := bytes.IndexAny(rest, " \t"); end >= 0 {
		rest = rest[:end] // a time or an exemplar follows
	}
	value, err := strconv.ParseFloat(string(rest), 64)
	if err != nil || !(math.Abs(value) <= largest) || len(name) == 0 || !plain(name) {
		return nil, 0, false
	}
	return name, value, true
}

// braces is the length of the labels that text begins with, -1 if they do not
// end. A label's value may hold anything.
func braces(text []byte) int {
	in := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case in && c == '\\':
			i++
		case c == '"':
			in = !in
		case c == '}' && !in:
			return i + 1
		}
	}
	return -1
}

// quoted is the name that labels begin with, nil if they do not.
func quoted(labels []byte) []byte {
	inner := bytes.TrimLeft(labels[1:], " \t")
	if len(inner) == 0 || inner[0] != '"' {
		return nil
	}
	name, _, _ := bytes.Cut(inner[1:], []byte{'"'})
	return name
}

// plain tells whether a name has only characters that engines' names have.
func plain(name []byte) bool {
	for _, c := range name {
		letter := 'a' <= c|0x20 && c|0x20 <= 'z'
		if !letter && (c < '0' || c > '9') && strings.IndexByte("_:.-", c) < 0 {
			return false
		}
	}
	return true
}
