package tokenizer

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/dlclark/regexp2"
)

// patternPart is a pattern in a tokenizer.json: a text or a regular expression.
type patternPart struct {
	String *string
	Regex  string
}

func (p *patternPart) check() error {
	if p == nil || p.String == nil && p.Regex == "" {
		return errors.New("it has no pattern")
	}
	return nil
}

// compile makes the pattern. Regular expressions are those of Oniguruma; ones
// that might mean something else here are rejected.
func (p *patternPart) compile() (pattern, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	if p.String != nil {
		return literal(*p.String), nil
	}
	expression := strings.ReplaceAll(p.Regex, ignoreCase, spelledOut)
	if err := meansTheSame(expression); err != nil {
		return nil, fmt.Errorf("regular expression %q: %w", p.Regex, err)
	}
	compiled, err := regexp2.Compile(expression, regexp2.None)
	if err != nil {
		return nil, fmt.Errorf("regular expression %q: %w", p.Regex, err)
	}
	return func(text string) []match { return findAll(compiled, text) }, nil
}

// What ignores case in the patterns that are in use. Libraries differ in what
// has a case: to Oniguruma the long s is an s.
const (
	ignoreCase = `(?i:'s|'t|'re|'ve|'m|'ll|'d)`
	spelledOut = `(?:'[sSſ]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])`
)

// meansTheSame rejects what Oniguruma and .NET, whose expressions regexp2
// has, read differently.
func meansTheSame(expression string) error {
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
			if !inClass && strings.HasPrefix(expression[i:], "(?") && !opens(expression[i+2:]) {
				return fmt.Errorf("the group at %q is not supported", expression[i:])
			}
		}
	}
	return nil
}

// opens tells whether what follows (? is a group both know.
func opens(rest string) bool {
	for _, kind := range []string{":", "!", "=", "<!", "<=", ">"} {
		if strings.HasPrefix(rest, kind) {
			return true
		}
	}
	return false
}

func findAll(expression *regexp2.Regexp, text string) []match {
	var matches []match
	from := 0            // byte
	rune, offset := 0, 0 // the same place, counted in runes and in bytes
	to := func(n int) int {
		for ; rune < n; rune++ {
			_, size := utf8.DecodeRuneInString(text[offset:])
			offset += size
		}
		return offset
	}
	// Without a timeout, which is set nowhere, finding does not fail.
	found, _ := expression.FindStringMatch(text)
	for found != nil {
		start := to(found.Index)
		stop := to(found.Index + found.Length)
		if from < start {
			matches = append(matches, match{from, start, false})
		}
		matches = append(matches, match{start, stop, true})
		from = stop
		found, _ = expression.FindNextMatch(found)
	}
	return rest(matches, from, text)
}
