package prompt

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/LMCache/LMBench/tools/data/pyrand"
)

// The expected values were computed with CPython's random.Random.

func TestShuffleEnd(t *testing.T) {
	tests := []struct {
		why   string
		texts [][]string
		keep  float64
		want  []string
	}{
		{"nothing to shuffle: the last text still gets the ending", [][]string{{"ab"}, {"cd"}}, 1, []string{"ab", "cd!"}},
		{"a budget of less than one character shuffles nothing", [][]string{{"ab"}, {"cd"}}, 0.9, []string{"ab", "cd!"}},
		{"the end of the last text, across its pieces", [][]string{{"abcd"}, {"0123", "456789"}}, 6. / 14, []string{"abcd", "01" + shuffled("23456789") + "!"}},
		{"a budget that exactly covers the last text", [][]string{{"abcd"}, {"0123456789"}}, 4. / 14, []string{"abcd", "7328569401!"}},
		{"characters, not bytes", [][]string{{"é"}, {"ü"}}, 0, []string{"é", "ü!"}},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			before := len(test.texts[len(test.texts)-1])
			var got []string
			for _, text := range ShuffleEnd(test.texts, test.keep, "!") {
				got = append(got, strings.Join(text, ""))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if after := len(test.texts[len(test.texts)-1]); after != before {
				t.Errorf("the input changed: %q", test.texts)
			}
		})
	}
}

func shuffled(text string) string {
	return shuffleLast(pyrand.NewMT19937(42), text, len(text))
}

func BenchmarkShuffleEnd(b *testing.B) {
	texts := [][]string{{strings.Repeat("hi ", 19_000)}}
	b.SetBytes(57_000)
	for b.Loop() {
		ShuffleEnd(texts, 0, "")
	}
}
