package tokenizer

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/dlclark/regexp2"
)

// Scanners must find the words that their patterns match.
func FuzzScannersMatchTheirPatterns(f *testing.F) {
	for _, text := range []string{"", "don't I'LL we've it'S", "a  b\t\tc \n\n d", "x);\r\n\r\n  y", "12345 ١٢٣٤ ½", "日本語 text", " \u00a0\u3000a", "''s '", "a\n ", "\n\n a"} {
		f.Add(text)
	}
	compile := func(pattern string) *regexp2.Regexp {
		return regexp2.MustCompile(strings.ReplaceAll(pattern, ignoreCase, ignoreCaseSpelledOut), regexp2.None)
	}
	scanners := []struct {
		pattern  string
		compiled *regexp2.Regexp
		splitter preTokenizer
	}{
		{gpt2Pattern, compile(gpt2Pattern), scanSplit[gpt2]{}},
		{cl100kPattern("{1,3}"), compile(cl100kPattern("{1,3}")), scanSplit[cl100k]{cl100k{3}}},
		{cl100kPattern(""), compile(cl100kPattern("")), scanSplit[cl100k]{cl100k{1}}},
	}
	f.Fuzz(func(t *testing.T, text string) {
		newer := func(r rune) bool { return unicode.In(r, newLetters, newNumbers) } // regexp2 does not know these
		if len(text) > 200 || !utf8.ValidString(text) || strings.ContainsFunc(text, newer) {
			return
		}
		for _, s := range scanners {
			var got, want []string
			for _, p := range s.splitter.split(nil, segment{text: text}) {
				got = append(got, p.text)
			}
			for _, m := range findAll(s.compiled, text) {
				want = append(want, text[m.from:m.to])
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s on %q\n got %q\nwant %q", s.pattern, text, got, want)
			}
		}
	})
}
