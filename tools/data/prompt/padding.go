package prompt

// The padding word repeated, as constants so that the prompts of all users share
// the same bytes.
const (
	hi1    = "hi "
	hi8    = hi1 + hi1 + hi1 + hi1 + hi1 + hi1 + hi1 + hi1
	hi64   = hi8 + hi8 + hi8 + hi8 + hi8 + hi8 + hi8 + hi8
	hi512  = hi64 + hi64 + hi64 + hi64 + hi64 + hi64 + hi64 + hi64
	hi4096 = hi512 + hi512 + hi512 + hi512 + hi512 + hi512 + hi512 + hi512

	wordsPerPiece = len(hi4096) / len(hi1)
)

// Padding returns the word "hi" n times, joined by single spaces, in pieces that
// share their bytes with all other padding. It returns nil for n <= 0. Each word
// is one token in the usual vocabularies.
func Padding(n int) []string {
	if n <= 0 {
		return nil
	}
	pieces := make([]string, 0, n/wordsPerPiece+1)
	for ; n > wordsPerPiece; n -= wordsPerPiece {
		pieces = append(pieces, hi4096)
	}
	return append(pieces, hi4096[:n*len(hi1)-1])
}
