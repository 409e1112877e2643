package chattemplate

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/nikolalohinski/gonja/v2/config"
	"github.com/nikolalohinski/gonja/v2/tokens"
)

// dotAfterNumber matches a number, a dot and a character outside ASCII, which gonja's
// lexer cannot read.
var dotAfterNumber = regexp.MustCompile(`(\p{Nd}\.)([^\x00-\x7F])`)

// lexerBugGuard rejects templates on which the lexer of gonja v2.9.1 never returns.
//
// After a number and a dot, scanNumber steps back over the dot by the width of the
// character after it. If that is wider than one byte, it steps back too far, reads the
// number again, and so on forever, with more memory for every token.
//
// Such dots are harmless in text, strings and comments. To find out where each one is,
// the guard inserts an ASCII name after it, which avoids the bug, and runs the lexer: it
// returns the inserted name as a token of its own only inside an expression.
func lexerBugGuard(text string, settings *config.Config) error {
	if !dotAfterNumber.MatchString(text) {
		return nil
	}
	mark := "mark"
	for strings.Contains(text, mark) {
		mark += "_"
	}
	lexed := tokens.LexAll(dotAfterNumber.ReplaceAllString(text, "${1}"+mark+"${2}"), settings)
	for ; !lexed.End(); lexed.Next() {
		if token := lexed.Current(); token.Type == tokens.Name && strings.HasPrefix(token.Val, mark) {
			return fmt.Errorf("a number, a dot and %q in line %d", strings.TrimPrefix(token.Val, mark), token.Line)
		}
	}
	if lexed.IsError() { // the lexer stopped early, so the rest is unchecked
		return errors.New(lexed.Current().Val)
	}
	return nil
}
