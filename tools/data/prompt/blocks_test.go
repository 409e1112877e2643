package prompt

import (
	"strings"
	"testing"
)

func text(b *Blocks, kind Kind, number uint64, from, to int) string {
	return strings.Join(b.Append(nil, kind, number, from, to), "")
}

func TestVocabularyIsDistinctLowerCaseWords(t *testing.T) {
	words := Vocabulary()
	seen := map[string]bool{}
	for _, word := range words {
		if seen[word] || strings.Trim(word, "abcdefghijklmnopqrstuvwxyz") != "" {
			t.Errorf("%q is a duplicate or not a lower-case word", word)
		}
		seen[word] = true
	}
	if len(words) != 1024 {
		t.Errorf("%d words, want 1024", len(words))
	}
}

func TestBlocksHaveExactlyTheirWords(t *testing.T) {
	tests := []struct {
		why            string
		size, from, to int
	}{
		{"a whole block of the Mooncake trace", 512, 0, 512},
		{"a whole block of the GMI trace", 32, 0, 32},
		{"the smallest block", 8, 0, 8},
		{"a size that is not a multiple of the phrase length", 100, 0, 100},
		{"a partial last block", 512, 0, 77},
		{"a block without its first words, which the API's own tokens replace", 32, 13, 32},
		{"one word within a phrase", 64, 5, 6},
		{"a text longer than a block, for a prompt without hash ids", 16, 0, 12345},
		{"empty", 16, 4, 4},
	}
	for _, test := range tests {
		b := NewBlocks(Vocabulary(), test.size, 1)
		whole := strings.Fields(text(b, Block, 7, 0, max(test.to, test.size)))
		got := text(b, Block, 7, test.from, test.to)
		want := ""
		for _, word := range whole[test.from:test.to] {
			want += " " + word
		}
		if got != want {
			t.Errorf("%s: %d words\n%q, want\n%q", test.why, len(strings.Fields(got)), got, want)
		}
		if pieces := b.Append(nil, Block, 7, test.from, test.to); len(pieces) > b.Pieces(test.to-test.from) {
			t.Errorf("%s: %d pieces, want at most %d", test.why, len(pieces), b.Pieces(test.to-test.from))
		}
	}
}

func TestANumberIdentifiesABlock(t *testing.T) {
	b := NewBlocks(Vocabulary(), 32, 1)
	first := text(b, Block, 7, 0, 32)
	for _, same := range []*Blocks{b, NewBlocks(Vocabulary(), 32, 1)} {
		if got := text(same, Block, 7, 0, 32); got != first {
			t.Errorf("the same number and seed gave two texts:\n%q\n%q", first, got)
		}
	}
	seen := map[string]string{first: "block 7"}
	for i := range uint64(50000) {
		for name, got := range map[string]string{
			"block": text(b, Block, i+8, 0, 32), "prefix": text(b, Prefix, i, 0, 32), "unique": text(b, Unique, i, 0, 32),
		} {
			if before, taken := seen[got]; taken {
				t.Fatalf("%s %d has the same text as %s", name, i, before)
			}
			seen[got] = name
		}
	}
	if got := text(NewBlocks(Vocabulary(), 32, 2), Block, 7, 0, 32); got == first {
		t.Error("another seed gave the same text")
	}
}

// A prompt of a hundred thousand tokens is a list of shared pieces, not a copy.
func TestAppendDoesNotAllocate(t *testing.T) {
	b := NewBlocks(Vocabulary(), 512, 1)
	list := make([]string, 0, b.Pieces(100000))
	if n := testing.AllocsPerRun(10, func() { b.Append(list, Block, 3, 0, 100000) }); n > 0 {
		t.Errorf("%v allocations, want 0", n)
	}
}

func BenchmarkBlocks(b *testing.B) {
	blocks := NewBlocks(Vocabulary(), 512, 1)
	list := make([]string, 0, blocks.Pieces(512))
	for i := 0; b.Loop(); i++ {
		list = blocks.Append(list[:0], Block, uint64(i), 0, 512)
	}
}
