package prompt

import (
	"strings"
	"unicode/utf8"

	"github.com/LMCache/LMBench/tools/data/pyrand"
)

// Scramble makes the end of a conversation useless to a cache: of the texts'
// characters the share 1-keep, counted from the end of the last text, is
// shuffled within each text, always in the same way. The last text then ends
// with the words of ending. Texts are in pieces; those that stay as they were
// share them.
func Scramble(texts [][]string, keep float64, ending string) [][]string {
	total := 0
	for _, text := range texts {
		total += characters(text)
	}
	budget := int(float64(total) * (1 - keep))
	random := pyrand.NewMT19937(42)
	scrambled := append([][]string(nil), texts...)
	for i := len(texts) - 1; i >= 0; i-- {
		if budget > 0 {
			n := min(budget, characters(texts[i]))
			budget -= n
			scrambled[i] = []string{shuffleEnd(random, strings.Join(texts[i], ""), n)}
		}
		if i == len(texts)-1 {
			scrambled[i] = append(scrambled[i][:len(scrambled[i]):len(scrambled[i])], ending)
		}
		if budget == 0 {
			break
		}
	}
	return scrambled
}

func characters(text []string) int {
	n := 0
	for _, piece := range text {
		n += utf8.RuneCountInString(piece)
	}
	return n
}

// shuffleEnd shuffles the last n characters of a text.
func shuffleEnd(random *pyrand.MT19937, text string, n int) string {
	letters := []rune(text)
	end := letters[len(letters)-n:]
	random.Shuffle(n, func(i, j int) { end[i], end[j] = end[j], end[i] })
	return string(letters)
}
