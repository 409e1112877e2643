package simengine

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func tokenize(text string) []string { return slices.Collect(tokensOf(text)) }

func TestTokensOf(t *testing.T) {
	for _, test := range []struct {
		text string
		want []string
		why  string
	}{
		{"", nil, "empty text"},
		{"hi hi hi", []string{"hi", " hi", " hi"}, "n words are n tokens, as the workloads' padding needs"},
		{"a  b", []string{"a", " ", " b"}, "a word takes one space only"},
		{"a\n b", []string{"a", "\n", " b"}, "the space of a word may follow other white space"},
		{"a\tb", []string{"a", "\t", "b"}, "a tab does not belong to the word"},
		{"a\n\n\nb", []string{"a", "\n\n\n", "b"}, "other white space is one token per run"},
		{"Assistant: ", []string{"Assistant", ":", " "}, "the end of a conversation rendered as text"},
		{" 12.5", []string{" ", "1", "2", ".", "5"}, "digits stand alone and take no space"},
		{"don't!?", []string{"don", "'", "t", "!", "?"}, "punctuation characters stand alone"},
		{"µm naïve 你好", []string{"µm", " naïve", " 你好"}, "letters of any script"},
		{"e\u0301t", []string{"e\u0301t"}, "a combining mark belongs to its letter"},
		{"a\u00a0b", []string{"a", "\u00a0", "b"}, "a no-break space does not belong to the word"},
		{"\xff\xfea", []string{"\xff", "\xfe", "a"}, "invalid UTF-8"},
	} {
		if diff := cmp.Diff(test.want, tokenize(test.text)); diff != "" {
			t.Errorf("%s: %q (-want +got):\n%s", test.why, test.text, diff)
		}
	}
}

// Clients may store token ids, so they must never change.
func TestTokenID(t *testing.T) {
	for token, want := range map[string]uint32{"hi": 1038392541, " hi": 257911203, "\n": 694292369} {
		if got := tokenID(token); got != want {
			t.Errorf("tokenID(%q) = %d, want %d", token, got, want)
		}
	}
}

func TestWordsAreOneTokenEach(t *testing.T) {
	for _, word := range words {
		if tokens := tokenize("x" + word); len(tokens) != 2 || tokens[1] != word {
			t.Errorf("%q has the tokens %q", word, tokens)
		}
		if strings.ContainsAny(word, `"\`) {
			t.Errorf("%q needs escaping in JSON", word)
		}
	}
}

func FuzzTokensOf(f *testing.F) {
	for _, seed := range []string{"hi hi", "a  b\n 12", "\xff µ\u0301", "  ", "\r\n\t x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tokens := tokenize(text)
		if together := strings.Join(tokens, ""); together != text {
			t.Fatalf("%q has the tokens %q", text, tokens)
		}
		for _, token := range tokens {
			if utf8.ValidString(text) && !utf8.ValidString(token) {
				t.Fatalf("%q is split inside a character: %q", text, token)
			}
		}
		// An answer does not change the tokens before it, and has the same
		// number of tokens in the next prompt.
		said := append(tokens, " the", " word")
		if got := tokenize(text + " the word\n")[:len(said)]; !slices.Equal(said, got) {
			t.Fatalf("%q followed by an answer has the tokens %q, want %q", text, got, said)
		}
	})
}

func BenchmarkTokenize(b *testing.B) {
	text := strings.Repeat("The quick brown fox, aged 12, jumps over the lazy dog.\n", 2000)
	tokens := sequence{blockSize: 16}
	tokens.addText(text) // allocates the keys
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		tokens = sequence{blockSize: 16, keys: tokens.keys[:0]}
		tokens.addText(text)
	}
}
