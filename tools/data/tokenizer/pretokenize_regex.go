package tokenizer

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/dlclark/regexp2"
)

// patternPart is a pattern of a tokenizer.json: a text or a regular expression.
type patternPart struct {
	String *string
	Regex  string
}

func (p *patternPart) check() error {
	if p == nil || p.String == nil && p.Regex == "" {
		return errors.New("no pattern")
	}
	return nil
}

// compile compiles the pattern. The library uses Oniguruma, this package regexp2, so
// expressions that the two might interpret differently are rejected.
func (p *patternPart) compile() (pattern, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	if p.String != nil {
		return literal(*p.String), nil
	}
	expression := strings.ReplaceAll(p.Regex, ignoreCase, ignoreCaseSpelledOut)
	if err := checkPortable(expression); err != nil {
		return nil, fmt.Errorf("regular expression %q: %w", p.Regex, err)
	}
	compiled, err := regexp2.Compile(expression, regexp2.None)
	if err != nil {
		return nil, fmt.Errorf("regular expression %q: %w", p.Regex, err)
	}
	return func(text string) []match { return findAll(compiled, text) }, nil
}

// The part of common patterns that ignores case. It is spelled out, because engines
// differ in case folding: Oniguruma folds the long s (ſ) to s.
const (
	ignoreCase           = `(?i:'s|'t|'re|'ve|'m|'ll|'d)`
	ignoreCaseSpelledOut = `(?:'[sSſ]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])`
)

// checkPortable rejects syntax that Oniguruma and .NET, which regexp2 follows, interpret
// differently.
func checkPortable(expression string) error {
	inClass := false
	for i := 0; i < len(expression); i++ {
		switch c := expression[i]; c {
		case '\\':
			i++
			if i == len(expression) || !strings.ContainsRune(`pPsSrntdD.*+?()[]{}|/\'"-^$ _!#%&,:;<=>@~`, rune(expression[i])) {
				return fmt.Errorf("%q is not supported", expression[i-1:min(i+1, len(expression))])
			}
		case '[':
			if inClass {
				return errors.New("a class within a class is not supported")
			}
			inClass = true
		case ']':
			inClass = false
		case '&':
			if inClass && strings.HasPrefix(expression[i:], "&&") {
				return errors.New("&& in a class is not supported")
			}
		case '^', '$', '.':
			if !inClass && c != '^' || c == '^' && !inClass {
				return fmt.Errorf("%q is not supported", c)
			}
		case '(':
			if !inClass && strings.HasPrefix(expression[i:], "(?") && !isPortableGroup(expression[i+2:]) {
				return fmt.Errorf("the group at %q is not supported", expression[i:])
			}
		}
	}
	return nil
}

// isPortableGroup reports whether both engines know the group whose text after "(?" is
// rest.
func isPortableGroup(rest string) bool {
	for _, kind := range []string{":", "!", "=", "<!", "<=", ">"} {
		if strings.HasPrefix(rest, kind) {
			return true
		}
	}
	return false
}

// findAll returns the matches of expression, whose positions regexp2 counts in runes.
func findAll(expression *regexp2.Regexp, text string) []match {
	var matches []match
	from := 0             // byte offset of the end of the last match
	runes, offset := 0, 0 // the same position in runes and in bytes
	byteOffset := func(n int) int {
		for ; runes < n; runes++ {
			_, size := utf8.DecodeRuneInString(text[offset:])
			offset += size
		}
		return offset
	}
	// The only possible error is a timeout, and none is set.
	found, _ := expression.FindStringMatch(text)
	for found != nil {
		start := byteOffset(found.Index)
		stop := byteOffset(found.Index + found.Length)
		if from < start {
			matches = append(matches, match{from, start, false})
		}
		matches = append(matches, match{start, stop, true})
		from = stop
		found, _ = expression.FindNextMatch(found)
	}
	return appendRest(matches, from, text)
}
