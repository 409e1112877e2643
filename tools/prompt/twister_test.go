package prompt

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// All values were made with CPython's random.Random.
func TestTwister(t *testing.T) {
	random := NewTwister(42)
	got := []uint32{random.Uint32(), random.Uint32(), random.Uint32()}
	if diff := cmp.Diff([]uint32{2746317213, 478163327, 107420369}, got); diff != "" {
		t.Errorf("seed 42 (-want +got)\n%s", diff)
	}
	for range 996 {
		random.Uint32()
	}
	if got := random.Uint32(); got != 4212168831 {
		t.Errorf("the thousandth is %d, want 4212168831", got) // past a refill
	}
}

func TestShuffle(t *testing.T) {
	tests := []struct{ text, want string }{
		{"0123456789", "7328569401"},
		{"abcdefghij klm", "ilhgmkfcjdeab "},
		{"a", "a"},
		{"", ""},
	}
	for _, test := range tests {
		letters := []byte(test.text)
		NewTwister(42).Shuffle(len(letters), func(i, j int) { letters[i], letters[j] = letters[j], letters[i] })
		if string(letters) != test.want {
			t.Errorf("%q became %q, want %q", test.text, letters, test.want)
		}
	}
}

func TestScramble(t *testing.T) {
	tests := []struct {
		why   string
		texts [][]string
		keep  float64
		want  []string
	}{
		{"nothing to shuffle: the last text gets its ending all the same", [][]string{{"ab"}, {"cd"}}, 1, []string{"ab", "cd!"}},
		{"less than one character is nothing", [][]string{{"ab"}, {"cd"}}, 0.9, []string{"ab", "cd!"}},
		{"the end of the last text, across its pieces", [][]string{{"abcd"}, {"0123", "456789"}}, 6. / 14, []string{"abcd", "01" + shuffled("23456789") + "!"}},
		{"a budget that just reaches the beginning of a text", [][]string{{"abcd"}, {"0123456789"}}, 4. / 14, []string{"abcd", "7328569401!"}},
		{"characters, not bytes", [][]string{{"é"}, {"ü"}}, 0, []string{"é", "ü!"}},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			before := len(test.texts[len(test.texts)-1])
			var got []string
			for _, text := range Scramble(test.texts, test.keep, "!") {
				got = append(got, strings.Join(text, ""))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if after := len(test.texts[len(test.texts)-1]); after != before {
				t.Errorf("the texts themselves changed: %q", test.texts)
			}
		})
	}
}

func shuffled(text string) string {
	return NewTwister(42).shuffleEnd(text, len(text))
}

func BenchmarkScramble(b *testing.B) {
	texts := [][]string{{strings.Repeat("hi ", 19_000)}}
	b.SetBytes(57_000)
	for b.Loop() {
		Scramble(texts, 0, "")
	}
}

func TestDrawsOfPython(t *testing.T) {
	r := NewTwister(0)
	if diff := cmp.Diff([]int{844, 757, 420, 258, 511, 404}, r.Choices(1000, 6)); diff != "" {
		t.Errorf("choices (-want +got)\n%s", diff)
	}
	for _, want := range []float64{0x1.914e0c751c4f5p-1, 0x1.36979c7be0decp-2} {
		if got := r.Float64(); got != want {
			t.Errorf("random: %x, want %x", got, want)
		}
	}
	for i, want := range []int{3, 2, 4, 1, 4, 1} {
		if got := r.Choice(7); got != want {
			t.Errorf("choice %d: %d, want %d", i, got, want)
		}
	}
}
