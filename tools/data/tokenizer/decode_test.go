package tokenizer

import (
	"math/rand/v2"
	"strings"
	"testing"
)

func TestByteLevelTableDecodesAsTheDecoder(t *testing.T) {
	for _, name := range []string{"llama3", "qwen2", "gpt2prefix", "o200k"} {
		tokenizer, err := Load("testdata/" + name + ".json")
		if err != nil {
			t.Fatal(err)
		}
		l := tokenizer.byteLevelTable()
		if l == nil {
			t.Errorf("%s: no table for a byte-level vocabulary", name)
			continue
		}
		random := rand.New(rand.NewPCG(1, 2))
		for range 2000 {
			ids := make([]uint32, random.IntN(12))
			var all, some []string
			for i := range ids {
				ids[i] = random.Uint32N(uint32(len(l.pieces) + 3)) // some ids are unknown
				if token, known := tokenizer.texts[ids[i]]; known {
					all = append(all, token)
					if !tokenizer.special[token] {
						some = append(some, token)
					}
				}
			}
			for special, list := range map[bool][]string{true: all, false: some} {
				want := strings.Join(tokenizer.decoders[0].decode(list), "")
				if got := tokenizer.Decode(ids, special); got != want {
					t.Fatalf("%s: ids %v: got %q, the decoder returns %q", name, ids, got, want)
				}
			}
		}
	}
}
