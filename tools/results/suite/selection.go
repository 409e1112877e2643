package suite

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// Selection says which points are meant.
type Selection struct {
	Text     string // as it was typed
	Dir      string // holds the results
	Session  string // empty: all
	Baseline string // empty: all
}

// Select reads SUITE[@SESSION][:BASELINE]. SUITE is a folder with results, or the
// name of one in results, which is LMBench's 4-latest-results.
func Select(text, results string) (Selection, error) {
	s := Selection{Text: text, Dir: text}
	if info, err := os.Stat(text); err == nil && info.IsDir() {
		return s, nil // even if its name has an @ or a colon
	}
	rest := text
	if before, after, found := cutLast(rest, ":"); found {
		rest, s.Baseline = before, after
		if after == "" {
			return s, errors.New("no baseline after the colon")
		}
	}
	if before, after, found := cutLast(rest, "@"); found {
		rest, s.Session = before, after
		if after == "" {
			return s, errors.New("no session after the @")
		}
	}
	if rest == "" {
		return s, errors.New("no suite given")
	}
	if s.Dir = rest; filepath.IsAbs(rest) {
		return s, nil
	}
	if info, err := os.Stat(rest); err != nil || !info.IsDir() {
		s.Dir = filepath.Join(results, rest)
	}
	return s, nil
}

// cutLast cuts at the last mark, if it is in the last element of a path.
func cutLast(text, mark string) (before, after string, found bool) {
	at := strings.LastIndex(text, mark)
	if at < 0 || strings.ContainsRune(text[at:], filepath.Separator) {
		return text, "", false
	}
	return text[:at], text[at+1:], true
}

func (s *Selection) wants(p *Point) bool {
	return (s.Session == "" || s.Session == p.Session) && (s.Baseline == "" || s.Baseline == p.Baseline)
}
