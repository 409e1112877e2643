package prompt

import (
	"strings"
	"testing"
)

func TestPadding(t *testing.T) {
	tests := []struct {
		words int
		why   string
	}{
		{-9, "an answer shorter than its fixed words needs no padding"},
		{0, "zero words"},
		{1, "a single word has no spaces"},
		{4095, "one word fewer than a piece"},
		{4096, "exactly one piece"},
		{4097, "a space between two pieces"},
		{20000, "a typical history"},
	}
	for _, test := range tests {
		want := strings.TrimSuffix(strings.Repeat("hi ", max(test.words, 0)), " ")
		if got := strings.Join(Padding(test.words), ""); got != want {
			t.Errorf("%d words (%s): %d bytes, want %d", test.words, test.why, len(got), len(want))
		}
	}
}

func TestPaddingAllocatesOnlyTheList(t *testing.T) {
	if n := testing.AllocsPerRun(10, func() { Padding(20000) }); n > 1 {
		t.Errorf("%v allocations for 20,000 words, want at most 1 because pieces are shared", n)
	}
}
