package chattemplate

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/nikolalohinski/gonja/v2/config"
	"github.com/nikolalohinski/gonja/v2/tokens"
)

// After a number and a dot the library's lexer (scanNumber, as of v2.9.1) steps
// back over the dot by the width of the rune behind it. Beyond ASCII that is too
// far: it reads the number again, and for ever, with more memory for each token.
var backstep = regexp.MustCompile(`(\p{Nd}\.)([^\x00-\x7F])`)

// endless finds what makes the lexer do so. In texts and comments such dots are
// common and do no harm: which they stand in, the lexer itself tells, once a name
// in ASCII stands behind each.
func endless(text string, settings *config.Config) error {
	if !backstep.MatchString(text) {
		return nil
	}
	mark := "mark"
	for strings.Contains(text, mark) {
		mark += "_"
	}
	lexed := tokens.LexAll(backstep.ReplaceAllString(text, "${1}"+mark+"${2}"), settings)
	for ; !lexed.End(); lexed.Next() {
		if token := lexed.Current(); token.Type == tokens.Name && strings.HasPrefix(token.Val, mark) {
			return fmt.Errorf("a number, a dot and %q, in line %d", strings.TrimPrefix(token.Val, mark), token.Line)
		}
	}
	if lexed.IsError() { // there may be more behind it
		return errors.New(lexed.Current().Val)
	}
	return nil
}
