package tokenizer

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// english returns synthetic text with the word lengths and word frequencies of English,
// and a vocabulary for it in which each word is merged letter by letter.
func english(tokens int, mark string) (text string, vocab map[string]int, merges []string) {
	random := rand.New(rand.NewPCG(1, 2))
	vocab = map[string]int{mark: 0}
	for b := range 94 {
		vocab[string(rune('!'+b))] = len(vocab)
	}
	var words []string
	for len(vocab) < tokens {
		word := make([]byte, 1+random.IntN(5)+random.IntN(6))
		for i := range word {
			word[i] = "etaoinshrdlucmfwypvbgk"[min(random.IntN(22), random.IntN(22))]
		}
		words = append(words, string(word))
		prefix := mark
		for _, letter := range word {
			if _, known := vocab[prefix+string(letter)]; !known {
				merges = append(merges, prefix+" "+string(letter))
				vocab[prefix+string(letter)] = len(vocab)
			}
			prefix += string(letter)
		}
	}
	zipf := rand.NewZipf(random, 1.1, 4, uint64(len(words)-1))
	var s strings.Builder
	for s.Len() < 4<<20 {
		s.WriteString(words[zipf.Uint64()])
		s.WriteString([]string{" ", " ", " ", " ", " ", " ", ", ", ". ", "'s ", ".\n\n", " 2024 "}[random.IntN(11)])
	}
	return s.String(), vocab, merges
}

func benchmark(b *testing.B, tokens int, mark, rest string) {
	text, vocab, merges := english(tokens, mark)
	encoded, err := json.Marshal(map[string]any{"type": "BPE", "vocab": vocab, "merges": merges, "unk_token": mark})
	if err != nil {
		b.Fatal(err)
	}
	tokenizer, err := Parse(fmt.Appendf(nil, `{"model": %s, %s}`, encoded, rest))
	if err != nil {
		b.Fatal(err)
	}
	const message = 2000 // bytes
	b.SetBytes(int64(len(text) / message * message))
	b.ReportAllocs()
	b.ResetTimer()
	for b.Loop() {
		for i := 0; i+message <= len(text); i += message {
			tokenizer.Count(text[i : i+message])
		}
	}
}

// The goal is 20 MB/s on one core.
func BenchmarkByteLevel128k(b *testing.B) {
	pattern, _ := json.Marshal(cl100kPattern("{1,3}"))
	benchmark(b, 128000, "Ġ", `"pre_tokenizer": {"type": "Sequence", "pretokenizers": [
		{"type": "Split", "pattern": {"Regex": `+string(pattern)+`}, "behavior": "Isolated"}, {"type": "ByteLevel", "add_prefix_space": false, "use_regex": false}]}`)
}

// The goal is 2 MB/s on one core.
func BenchmarkSentencePiece32k(b *testing.B) {
	benchmark(b, 32000, "▁", `"normalizer": {"type": "Sequence", "normalizers": [
		{"type": "Prepend", "prepend": "▁"}, {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]}`)
}

// A text without spaces is a single long word.
func BenchmarkSentencePieceWithoutWords(b *testing.B) {
	tokenizer := load(b, "mistral.json")
	text := strings.Repeat("thequickbrownfoxjumpsoverthelazydog", 600)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		tokenizer.Count(text)
	}
}

func BenchmarkUnigram(b *testing.B) {
	tokenizer := load(b, "t5.json")
	text := strings.Repeat("The quick brown fox jumps over the lazy dog, and it's said that they'd see 2024 again. ", 500)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		tokenizer.Count(text)
	}
}
