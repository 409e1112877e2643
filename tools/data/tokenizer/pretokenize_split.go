package tokenizer

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// match is a range of a text and whether a pattern matches it.
type match struct {
	from, to int
	matches  bool
}

// pattern divides a text into matches and the ranges between them.
type pattern func(text string) []match

// behavior says how matches become segments.
type behavior int

const (
	isolated       behavior = iota // each match is a segment
	removed                        // matches are dropped
	contiguous                     // consecutive matches are one segment
	mergedPrevious                 // a match is joined to the range before it
	mergedNext                     // a match is joined to the range after it
)

func behaviorNamed(name string, absent behavior) (behavior, error) {
	switch name {
	case "":
		return absent, nil
	case "Isolated":
		return isolated, nil
	case "Removed":
		return removed, nil
	case "Contiguous":
		return contiguous, nil
	case "MergedWithPrevious":
		return mergedPrevious, nil
	case "MergedWithNext":
		return mergedNext, nil
	}
	return 0, fmt.Errorf("unknown behavior %q", name)
}

// patternSplit splits by a pattern.
type patternSplit struct {
	pattern  pattern
	behavior behavior
}

// newPatternSplit reads a pre-tokenizer of the type Split. Well-known patterns are
// matched by hand-written scanners, which are many times faster.
func newPatternSplit(c *component) (preTokenizer, error) {
	behavior, err := behaviorNamed(c.Behavior, isolated)
	if err != nil || c.Pattern == nil {
		return nil, errors.Join(err, c.Pattern.check())
	}
	if behavior == isolated || behavior == removed && c.Invert {
		switch c.Pattern.Regex {
		case gpt2Pattern:
			return scanSplit[gpt2]{}, nil
		case cl100kPattern("{1,3}"):
			return scanSplit[cl100k]{cl100k{3}}, nil
		case cl100kPattern(""):
			return scanSplit[cl100k]{cl100k{1}}, nil
		}
	}
	find, err := c.Pattern.compile()
	if c.Invert {
		plain := find
		find = func(text string) []match {
			matches := plain(text)
			for i := range matches {
				matches[i].matches = !matches[i].matches
			}
			return matches
		}
	}
	return patternSplit{find, behavior}, err
}

func (c patternSplit) split(segments []segment, p segment) []segment {
	for _, m := range c.behavior.join(c.pattern(p.text)) {
		if m.from < m.to {
			segments = append(segments, p.cut(m.from, m.to))
		}
	}
	return segments
}

// join turns ranges into those that become segments.
func (b behavior) join(matches []match) []match {
	joins := func(m, before match) bool { return false }
	switch b {
	case isolated:
		return matches
	case removed:
		return slices.DeleteFunc(matches, func(m match) bool { return m.matches })
	case contiguous:
		joins = func(m, before match) bool { return m.matches == before.matches }
	case mergedPrevious:
		joins = func(m, before match) bool { return m.matches && !before.matches }
	case mergedNext:
		joins = func(m, before match) bool { return m.matches && !before.matches }
		slices.Reverse(matches)
		defer slices.Reverse(matches)
	}
	return b.fold(matches, joins)
}

// fold joins each range with the previous one if joins says so.
func (b behavior) fold(matches []match, joins func(m, before match) bool) []match {
	var joined []match
	before := match{}
	for _, m := range matches {
		if len(joined) > 0 && joins(m, before) {
			last := &joined[len(joined)-1]
			last.from, last.to = min(last.from, m.from), max(last.to, m.to)
		} else {
			joined = append(joined, m)
		}
		before = m
	}
	if b == mergedNext {
		slices.Reverse(joined)
	}
	return joined
}

// eachChar returns a pattern that matches single characters.
func eachChar(is func(rune) bool) pattern {
	return func(text string) []match {
		var matches []match
		from := 0
		for i, r := range text {
			if !is(r) {
				continue
			}
			size := len(string(r))
			if from < i {
				matches = append(matches, match{from, i, false})
			}
			matches = append(matches, match{i, i + size, true})
			from = i + size
		}
		return appendRest(matches, from, text)
	}
}

// literal returns a pattern that matches a fixed text.
func literal(what string) pattern {
	return func(text string) []match {
		var matches []match
		from := 0
		for what != "" {
			i := strings.Index(text[from:], what)
			if i < 0 {
				break
			}
			if i > 0 {
				matches = append(matches, match{from, from + i, false})
			}
			matches = append(matches, match{from + i, from + i + len(what), true})
			from += i + len(what)
		}
		return appendRest(matches, from, text)
	}
}

// appendRest appends the range after the last match.
func appendRest(matches []match, from int, text string) []match {
	if from < len(text) {
		matches = append(matches, match{from, len(text), false})
	}
	return matches
}
