package prompt

import (
	"strings"
	"unicode/utf8"

	"github.com/LMCache/LMBench/tools/data/pyrand"
)

// ShuffleEnd makes the end of a conversation miss the engine's prefix cache. Of all
// characters of the texts it shuffles the share 1-keep, counted from the end of the
// last text; characters stay within their text. The shuffle is the same each time
// (seed 42). Then it appends ending to the last text. Texts that do not change share
// their pieces with the result.
func ShuffleEnd(texts [][]string, keep float64, ending string) [][]string {
	total := 0
	for _, text := range texts {
		total += characters(text)
	}
	budget := int(float64(total) * (1 - keep))
	random := pyrand.NewMT19937(42)
	shuffled := append([][]string(nil), texts...)
	for i := len(texts) - 1; i >= 0; i-- {
		if budget > 0 {
			n := min(budget, characters(texts[i]))
			budget -= n
			shuffled[i] = []string{shuffleLast(random, strings.Join(texts[i], ""), n)}
		}
		if i == len(texts)-1 {
			shuffled[i] = append(shuffled[i][:len(shuffled[i]):len(shuffled[i])], ending)
		}
		if budget == 0 {
			break
		}
	}
	return shuffled
}

func characters(text []string) int {
	n := 0
	for _, piece := range text {
		n += utf8.RuneCountInString(piece)
	}
	return n
}

// shuffleLast shuffles the last n characters of text.
func shuffleLast(random *pyrand.MT19937, text string, n int) string {
	letters := []rune(text)
	end := letters[len(letters)-n:]
	random.Shuffle(n, func(i, j int) { end[i], end[j] = end[j], end[i] })
	return string(letters)
}
