package pyrand

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMT19937(t *testing.T) {
	random := NewMT19937(42)
	got := []uint32{random.Uint32(), random.Uint32(), random.Uint32()}
	if diff := cmp.Diff([]uint32{2746317213, 478163327, 107420369}, got); diff != "" {
		t.Errorf("seed 42 (-want +got)\n%s", diff)
	}
	for range 996 {
		random.Uint32()
	}
	if got := random.Uint32(); got != 4212168831 {
		t.Errorf("output 1000: got %d, want 4212168831", got) // past a refill
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
		NewMT19937(42).Shuffle(len(letters), func(i, j int) { letters[i], letters[j] = letters[j], letters[i] })
		if string(letters) != test.want {
			t.Errorf("shuffling %q gives %q, want %q", test.text, letters, test.want)
		}
	}
}

func TestPythonDraws(t *testing.T) {
	r := NewMT19937(0)
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
