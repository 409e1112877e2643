package simengine

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func cut(text string) []string {
	var tokens []string
	source := scanner{text: text}
	for token := source.next(); token != ""; token = source.next() {
		tokens = append(tokens, token)
	}
	return tokens
}

func TestScanner(t *testing.T) {
	for _, test := range []struct {
		text string
		want []string
		why  string
	}{
		{"", nil, "nothing"},
		{"hi hi hi", []string{"hi", " hi", " hi"}, "n words are n tokens, as the workloads' filler needs"},
		{"a  b", []string{"a", " ", " b"}, "a word takes one space only"},
		{"a\n b", []string{"a", "\n", " b"}, "the space may follow other white space"},
		{"a\tb", []string{"a", "\t", "b"}, "a word takes only a space"},
		{"a\n\n\nb", []string{"a", "\n\n\n", "b"}, "other white space is one token per run"},
		{"Assistant: ", []string{"Assistant", ":", " "}, "the end of a flattened prompt"},
		{" 12.5", []string{" ", "1", "2", ".", "5"}, "digits stand alone and take no space"},
		{"don't!?", []string{"don", "'", "t", "!", "?"}, "so does punctuation"},
		{"µm naïve 你好", []string{"µm", " naïve", " 你好"}, "letters of any script"},
		{"e\u0301t", []string{"e\u0301t"}, "a combining mark belongs to its letter"},
		{"a\u00a0b", []string{"a", "\u00a0", "b"}, "a wide space is not the space of a word"},
		{"\xff\xfea", []string{"\xff", "\xfe", "a"}, "bytes which are not UTF-8"},
	} {
		if diff := cmp.Diff(test.want, cut(test.text)); diff != "" {
			t.Errorf("%s: %q (-want +got):\n%s", test.why, test.text, diff)
		}
	}
}

// Ids are part of what clients may store, so they must not change.
func TestTokenID(t *testing.T) {
	for token, want := range map[string]uint32{"hi": 1038392541, " hi": 257911203, "\n": 694292369} {
		if got := tokenID(token); got != want {
			t.Errorf("tokenID(%q) = %d, want %d", token, got, want)
		}
	}
}

func TestWordsAreOneTokenEach(t *testing.T) {
	for _, word := range words {
		if tokens := cut("x" + word); len(tokens) != 2 || tokens[1] != word {
			t.Errorf("%q is cut into %q", word, tokens)
		}
		if strings.ContainsAny(word, `"\`) {
			t.Errorf("%q needs escaping in JSON", word)
		}
	}
}

func FuzzScanner(f *testing.F) {
	for _, seed := range []string{"hi hi", "a  b\n 12", "\xff µ\u0301", "  ", "\r\n\t x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tokens := cut(text)
		if together := strings.Join(tokens, ""); together != text {
			t.Fatalf("%q is cut into %q", text, tokens)
		}
		for _, token := range tokens {
			if utf8.ValidString(text) && !utf8.ValidString(token) {
				t.Fatalf("%q is cut inside a character: %q", text, token)
			}
		}
		// What the engine says next leaves the tokens before it as they were,
		// and counts the same in the next prompt.
		said := append(tokens, " the", " word")
		if got := cut(text + " the word\n")[:len(said)]; !slices.Equal(said, got) {
			t.Fatalf("%q followed by an answer is cut into %q, want %q", text, got, said)
		}
	})
}

func BenchmarkTokenize(b *testing.B) {
	text := strings.Repeat("The quick brown fox, aged 12, jumps over the lazy dog.\n", 2000)
	sequence := chain{blockSize: 16}
	sequence.addText(text) // grows the keys once
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		sequence = chain{blockSize: 16, keys: sequence.keys[:0]}
		sequence.addText(text)
	}
}
