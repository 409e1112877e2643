// Package prompt makes up text for prompts.
package prompt

// The filler word repeated, as constants so that every prompt of every user
// shares the same bytes.
const (
	hi1    = "hi "
	hi8    = hi1 + hi1 + hi1 + hi1 + hi1 + hi1 + hi1 + hi1
	hi64   = hi8 + hi8 + hi8 + hi8 + hi8 + hi8 + hi8 + hi8
	hi512  = hi64 + hi64 + hi64 + hi64 + hi64 + hi64 + hi64 + hi64
	hi4096 = hi512 + hi512 + hi512 + hi512 + hi512 + hi512 + hi512 + hi512

	longest = len(hi4096) / len(hi1) // words in one piece
)

// Filler is n times the word "hi", joined by single spaces, in pieces that
// share their bytes with every other filler; nothing for n <= 0. Each word is
// one token in the usual vocabularies.
func Filler(n int) []string {
	if n <= 0 {
		return nil
	}
	pieces := make([]string, 0, n/longest+1)
	for ; n > longest; n -= longest {
		pieces = append(pieces, hi4096)
	}
	return append(pieces, hi4096[:n*len(hi1)-1])
}
