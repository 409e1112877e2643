package prompt

import (
	"strings"
	"testing"
)

func TestFiller(t *testing.T) {
	tests := []struct {
		words int
		why   string
	}{
		{-9, "an answer shorter than its fixed words leaves no room"},
		{0, "no words"},
		{1, "no space around a single word"},
		{4095, "one word less than a piece"},
		{4096, "exactly one piece"},
		{4097, "a space between two pieces"},
		{20000, "a usual history"},
	}
	for _, test := range tests {
		want := strings.TrimSuffix(strings.Repeat("hi ", max(test.words, 0)), " ")
		if got := strings.Join(Filler(test.words), ""); got != want {
			t.Errorf("%d words (%s): %d bytes, want %d", test.words, test.why, len(got), len(want))
		}
	}
}

func TestFillerAllocatesOnlyTheList(t *testing.T) {
	if n := testing.AllocsPerRun(10, func() { Filler(20000) }); n > 1 {
		t.Errorf("%v allocations for 20,000 words, want 1: pieces are shared", n)
	}
}
