package result

import (
	"testing"
)

// TestRounding holds what Python and numpy print; they part on ties.
func TestRounding(t *testing.T) {
	tests := []struct{ v, python, numpy float64 }{
		{3.125, 3.12, 3.12}, // a true tie: both to even
		{3.375, 3.38, 3.38}, // likewise
		{2.675, 2.67, 2.68}, // 2.67499999999999982236431605997495353221893310546875
		{1.115, 1.11, 1.12}, // 1.1149999999999999911182158029987…
		{1.005, 1.0, 1.0},   // scaled 100.49999999999999
		{0.285, 0.28, 0.28}, // scaled 28.499999999999996
		{-2.675, -2.67, -2.68},
		{0.005, 0.01, 0.0}, // 0.005000000000000000104, scaled a true tie
		{0.004, 0, 0},
		{1e17, 1e17, 1e17},
	}
	for _, test := range tests {
		if python, numpy := roundPython(test.v), roundNumpy(test.v); python != test.python || numpy != test.numpy {
			t.Errorf("%v: %v and %v, want %v and %v", test.v, python, numpy, test.python, test.numpy)
		}
	}
	if got := significant(0.000416666666); got != 0.000416667 {
		t.Errorf("six significant digits: %v", got)
	}
}
