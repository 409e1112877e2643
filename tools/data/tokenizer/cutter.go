package tokenizer

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// match is a part of a text, and whether a pattern matches it.
type match struct {
	from, to int
	matches  bool
}

// pattern cuts a text into what it matches and what it does not.
type pattern func(text string) []match

// behavior is what becomes of what a pattern matches.
type behavior int

const (
	isolated       behavior = iota // each match is a part by itself
	removed                        // matches are left out
	contiguous                     // matches in a row are one part
	mergedPrevious                 // a match belongs to what is before it
	mergedNext                     // a match belongs to what is after it
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
	return 0, fmt.Errorf("behavior %q is not known", name)
}

// cutter splits by a pattern.
type cutter struct {
	pattern  pattern
	behavior behavior
}

func newCutter(c *component) (splitter, error) {
	behavior, err := behaviorNamed(c.Behavior, isolated)
	if err != nil || c.Pattern == nil {
		return nil, errors.Join(err, c.Pattern.check())
	}
	if behavior == isolated || behavior == removed && c.Invert {
		switch c.Pattern.Regex {
		case gpt2Pattern:
			return scanned[gpt2]{}, nil
		case cl100kPattern("{1,3}"):
			return scanned[cl100k]{cl100k{3}}, nil
		case cl100kPattern(""):
			return scanned[cl100k]{cl100k{1}}, nil
		}
	}
	find, err := c.Pattern.compile()
	if c.Invert {
		straight := find
		find = func(text string) []match {
			matches := straight(text)
			for i := range matches {
				matches[i].matches = !matches[i].matches
			}
			return matches
		}
	}
	return cutter{find, behavior}, err
}

func (c cutter) split(parts []part, p part) []part {
	for _, m := range c.behavior.join(c.pattern(p.text)) {
		if m.from < m.to {
			parts = append(parts, p.cut(m.from, m.to))
		}
	}
	return parts
}

// join makes of matches, and of what is between, what becomes parts.
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

// fold joins each with the one before, in the order they stand.
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

// eachChar is a pattern that matches one character of a kind.
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
		return rest(matches, from, text)
	}
}

// literal is a pattern that matches one text.
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
		return rest(matches, from, text)
	}
}

// rest adds what is after the last match.
func rest(matches []match, from int, text string) []match {
	if from < len(text) {
		matches = append(matches, match{from, len(text), false})
	}
	return matches
}
