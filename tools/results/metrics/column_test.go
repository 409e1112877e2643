package metrics

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// Every bit is kept, and times read from clocks take few bits.
func TestColumnKeepsEveryBit(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	absent := func(v float64) float64 {
		if random.IntN(10) == 0 {
			return math.NaN()
		}
		return v
	}
	tests := []struct {
		why   string
		value func(i int) float64
		width uint8 // bits a number, at most
	}{
		{"only 0", func(int) float64 { return 0 }, 0},
		{"only NaN", func(int) float64 { return math.NaN() }, 0},
		{"two NaNs", func(i int) float64 { return math.Copysign(math.NaN(), float64(i%2)-0.5) }, 0},
		{"one number or NaN", func(int) float64 { return absent(7) }, 1},
		{"tokens", func(int) float64 { return float64(random.IntN(1000)) }, 10},
		{"Go's durations, to 4 s", func(int) float64 { return float64(random.IntN(4e9)) / 1e9 }, 32},
		{"the same, some absent", func(int) float64 { return absent(float64(random.IntN(4e9)) / 1e9) }, 32},
		{"differences of Python's time.time()", func(int) float64 { return float64(random.IntN(1<<26)) / (1 << 22) }, 26},
		{"instants within a second", func(i int) float64 { return 1764000000 + float64(i)/1024 + float64(random.IntN(1<<10))/(1<<22) }, 22},
		{"below 0", func(int) float64 { return float64(random.IntN(200)-100) / 1e9 }, 8},
		{"any floats", func(int) float64 { return random.ExpFloat64() }, 64},
		{"infinite", func(i int) float64 { return math.Inf(1 - i%2*2) }, 64},
		{"zeros with a sign", func(i int) float64 { return math.Copysign(0, float64(-i)) }, 64},
		{"subnormal numbers", func(i int) float64 { return float64(i) * math.SmallestNonzeroFloat64 }, 64},
		{"large and small", func(i int) float64 { return math.Ldexp(1, i%2000-1000) }, 64},
		{"large", func(i int) float64 { return math.MaxFloat64 / float64(i+1) }, 64},
		{"few bits, far below 1", func(i int) float64 { return math.Ldexp(float64(i%4), -1000) }, 64},
		{"few bits, far above 1", func(i int) float64 { return math.Ldexp(float64(i%4), 1000) }, 64},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			var c column
			var want []float64
			for i := range 3*blockLength + 5 {
				v := test.value(i)
				want = append(want, v)
				c.add(v)
			}
			if c.len() != len(want) {
				t.Fatalf("%d numbers, want %d", c.len(), len(want))
			}
			var got []float64
			var room [blockLength]float64
			for i := range c.blocks() {
				got = append(got, c.block(i, &room)...)
			}
			for i := range want {
				if math.Float64bits(got[i]) != math.Float64bits(want[i]) && !(math.IsNaN(got[i]) && math.IsNaN(want[i])) {
					t.Fatalf("number %d is %x, want %x", i, got[i], want[i])
				}
			}
			for _, b := range c.packed {
				if b.width > test.width {
					t.Errorf("%d bits a number, want at most %d", b.width, test.width)
				}
			}
		})
	}
}

func TestOrderIsSorting(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	tests := map[string]func(i, n int) float64{
		"random":    func(int, int) float64 { return random.NormFloat64() },
		"few":       func(int, int) float64 { return float64(random.IntN(3)) },
		"equal":     func(int, int) float64 { return 1 },
		"ascending": func(i, _ int) float64 { return float64(i) },
		"falling":   func(i, n int) float64 { return float64(n - i) },
		"organ":     func(i, n int) float64 { return float64(min(i, n-i)) },
		"saw":       func(i, _ int) float64 { return float64(i % 7) },
	}
	for why, value := range tests {
		for _, n := range []int{0, 1, 2, 63, 65, 1000, 20000} {
			values := make([]float64, n)
			for i := range values {
				values[i] = value(i, n)
			}
			sorted := slices.Sorted(slices.Values(values))
			var ranks []int
			if n > 0 {
				ranks = []int{n - 1, 0, n / 2, n * 99 / 100, n / 2}
			}
			nthElements(values, ranks)
			for _, k := range ranks {
				if values[k] != sorted[k] {
					t.Errorf("%s, %d values: rank %d is %v, want %v", why, n, k, values[k], sorted[k])
				}
			}
			if slices.Sort(values); !slices.Equal(values, sorted) {
				t.Errorf("%s, %d values: not the same values", why, n)
			}
		}
	}
}
