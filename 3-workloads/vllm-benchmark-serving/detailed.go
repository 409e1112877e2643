package main

import (
	"strconv"
	"strings"
)

// detailed are lists with a value of every request, in the order of sending.
func (s *serving) detailed() []member {
	lists := []struct {
		name string
		of   func(r *served) string
	}{
		{"input_lens", func(r *served) string { return strconv.Itoa(r.promptTokens) }},
		{"output_lens", func(r *served) string { return strconv.Itoa(r.outputTokens) }},
		{"ttfts", func(r *served) string { return float(r.ttft.Seconds()) }},
		{"itls", func(r *served) string {
			return "[" + joined(r.gaps(nil), float) + "]"
		}},
		{"generated_texts", func(r *served) string { return quoted(r.text) }},
		{"errors", func(r *served) string { return quoted(r.err) }},
	}
	var all []member
	for _, list := range lists {
		var values []string
		for i := range s.tally.requests {
			if r := &s.tally.requests[i]; r.sent {
				values = append(values, list.of(r))
			}
		}
		all = append(all, member{list.name, "[" + strings.Join(values, ", ") + "]"})
	}
	return all
}

func joined(values []float64, form func(float64) string) string {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = form(v)
	}
	return strings.Join(texts, ", ")
}
