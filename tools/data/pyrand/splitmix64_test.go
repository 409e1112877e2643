package pyrand

import "testing"

// The values are those of Vigna's splitmix64.c.
func TestSplitMix64(t *testing.T) {
	tests := []struct {
		why           string
		seed, i, want uint64
	}{
		{"first output of seed 0", 0, 0, 0xe220a8397b1dcdaf},
		{"second output of seed 0", 0, 1, 0x6e789e6aa1b965f4},
		{"first output of another seed", 1234567, 0, 6457827717110365317},
		{"fifth output of another seed", 1234567, 4, 16408922859458223821},
	}
	for _, test := range tests {
		if got := SplitMix64(test.seed, test.i); got != test.want {
			t.Errorf("%s: got %#x, want %#x", test.why, got, test.want)
		}
	}
}
