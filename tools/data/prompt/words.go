// Package prompt provides synthetic text for prompts.
package prompt

import "math/rand/v2"

// Words returns n words joined by single spaces. Lengths from 3 to 12 and letters
// from a to z are equally likely.
func Words(random *rand.Rand, n int) string {
	const shortest, longest = 3, 12
	text := make([]byte, 0, n*(shortest+longest+2)/2)
	for i := range n {
		if i > 0 {
			text = append(text, ' ')
		}
		for range shortest + random.IntN(longest-shortest+1) {
			text = append(text, byte('a'+random.IntN(26)))
		}
	}
	return string(text)
}
