package pyrand

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The expected values are those of numpy 2.4's RandomState(0) on x86-64 Linux.

func TestRandomStateIntegers(t *testing.T) {
	tests := []struct {
		why          string
		low, high, n int
		want         []int
	}{
		{"token ids of a vocabulary", 0, 128256, 6, []int{68268, 43567, 42613, 117952, 45891, 21243}},
		{"a single value needs no draw", 5, 6, 2, []int{5, 5}},
		{"a range that starts above 0", 900, 1124, 6, []int{1072, 947, 1017, 1092, 967, 1095}},
		{"nearly 31 bits", 0, 1<<31 - 1, 2, []int{209652396, 398764591}},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, NewRandomState(0).Ints(test.low, test.high, test.n)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", test.why, diff)
		}
	}
	if diff := cmp.Diff([]int{6, 11, 4, 10, 2, 8, 1, 7, 9, 3, 0, 5}, NewRandomState(0).Permutation(12)); diff != "" {
		t.Errorf("permutation (-want +got)\n%s", diff)
	}
}

func TestRandomStateGamma(t *testing.T) {
	tests := []struct {
		shape float64
		why   string
		want  string
	}{
		{0.3, "below 1: uses powers", "0x1.152b784e0fcc5p-4 0x1.7addcf3f5283dp-4 0x1.d3d6f4b1fa2e3p-6 0x1.048f81159cba4p-5"},
		{0.999, "just below 1", "0x1.96fcb19500febp-2 0x1.d82df9451ab35p-2 0x1.19afc3ba95c3fp-2 0x1.263557edaeb99p-2"},
		{1, "exponential", "0x1.977cdd108fb06p-2 0x1.4184adb0fa85ap-1 0x1.d8b0b4444705bp-2 0x1.930c07892702bp-2"},
		{2.5, "above 1: uses normal draws", "0x1.7c13ac1d4ade5p+1 0x1.67c405d772abcp+0 0x1.8f7eeea2c48f3p+1 0x1.05e4f2bc2f306p-1"},
		{100, "nearly constant", "0x1.d95779562d2c4p+5 0x1.9edc5753897fcp+5 0x1.ddfdcc7e03a15p+5 0x1.68e67c7097176p+5"},
	}
	for _, test := range tests {
		s := NewRandomState(0)
		var got []string
		for range 4 {
			got = append(got, fmt.Sprintf("%x", s.Gamma(test.shape, 0.5)))
		}
		if diff := cmp.Diff(hex(test.want), hex(strings.Join(got, " "))); diff != "" {
			t.Errorf("shape %v, %s (-want +got)\n%s", test.shape, test.why, diff)
		}
	}
	s := NewRandomState(0)
	for _, want := range hex("0x1.977cdd108fb06p-3 0x1.4184adb0fa85ap-2 0x1.d8b0b4444705bp-3 0x1.930c07892702bp-3") {
		if got := 0.25 * s.standardExponential(); got != want {
			t.Errorf("exponential: %x, want %x", got, want)
		}
	}
}

// A single different rejection would shift every later draw.
func TestRandomStateStaysInStepAfterManyDraws(t *testing.T) {
	s := NewRandomState(0)
	for range 1000 {
		s.Gamma(0.3, 1)
	}
	for range 1001 {
		s.Gamma(2.5, 1)
	}
	if got := s.Int(0, 1<<31-1); got != 564151952 {
		t.Errorf("after 2001 gamma draws: got %d, want 564151952", got)
	}
}

func TestLogarithmAndPowerAgreeWithMath(t *testing.T) {
	for i := 1; i < 20000; i++ {
		x := float64(i) / 20000
		if got, near := logarithm(x), math.Log(x); math.Abs(got-near) > 4e-16*math.Abs(near) {
			t.Fatalf("log %v = %v, math.Log gives %v", x, got, near)
		}
		for _, y := range []float64{1.001, 3.3, 20} {
			if got, near := power(x, y), math.Pow(x, y); math.Abs(got-near) > 2e-15*near { // math.Pow multiplies repeatedly and is less exact
				t.Fatalf("power(%v, %v) = %v, math.Pow gives %v", x, y, got, near)
			}
		}
	}
}

func hex(texts string) (numbers []float64) {
	for text := range strings.FieldsSeq(texts) {
		number, err := strconv.ParseFloat(text, 64)
		if err != nil {
			panic(err)
		}
		numbers = append(numbers, number)
	}
	return numbers
}
