package prompt

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
)

func TestWords(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	text := Words(random, 10_000)
	words := strings.Split(text, " ")
	if len(words) != 10_000 {
		t.Fatalf("%d words, want 10,000", len(words))
	}
	lengths := map[int]int{}
	for _, word := range words {
		lengths[len(word)]++
		if !regexp.MustCompile(`^[a-z]{3,12}$`).MatchString(word) {
			t.Fatalf("%q: want 3 to 12 letters from a to z", word)
		}
	}
	for length := 3; length <= 12; length++ {
		if n := lengths[length]; n < 850 || n > 1150 { // 1000 expected, five standard deviations
			t.Errorf("%d words of %d letters, want about 1000", n, length)
		}
	}
	if again := Words(rand.New(rand.NewPCG(1, 2)), 10_000); again != text {
		t.Error("the same seed gave two texts")
	}
	if Words(random, 0) != "" {
		t.Error("0 words gave a text")
	}
}
