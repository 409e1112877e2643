//go:build linux && (amd64 || arm64)

package pyrand

import (
	"math"

	"modernc.org/libc"
)

// numpy calls log and pow of the C library, so its draws inherit that library's
// rounding. Since 2018 glibc and musl use Szabolcs Nagy's algorithms, whose tables
// modernc.org/libc exports:
//
//	x = 2^k·z, z near 1
//	log x = k·log 2 + log c + log(1+r), r = z/c - 1
//
// A table gives c near z, 1/c and log c; log(1+r) is a polynomial.
//
// To be bit-exact, operations are in the C library's order, and multiply-adds are
// fused where C compilers fuse them on processors that can (every arm64, and x86-64
// since about 2013). The float64 conversions keep Go from fusing any others.

const (
	fractionBits = 52
	tableBits    = 7 // the tables divide the range of z into 128 intervals
	tableMask    = 1<<tableBits - 1
)

// split returns k and z of x = 2^k·z, where the bits of z are at least least, and
// the table interval of z.
func split(x float64, least uint64) (k, z float64, interval uint64) {
	bits := math.Float64bits(x)
	if bits>>fractionBits == 0 { // subnormal
		bits = math.Float64bits(x*(1<<fractionBits)) - fractionBits<<fractionBits
	}
	above := bits - least
	whole := int64(above) >> fractionBits
	return float64(whole), math.Float64frombits(bits - uint64(whole)<<fractionBits), above >> (fractionBits - tableBits) & tableMask
}

// logarithm returns the C library's log(x) for x > 0.
func logarithm(x float64) float64 {
	switch {
	case x == 1:
		return 0
	case !(x > 0) || math.IsInf(x, 1):
		return math.Log(x)
	case x >= 1-0x1p-4 && x < 1+0x1.09p-4:
		return logarithmNear1(x - 1)
	}
	table := &libc.X__log_data
	k, z, i := split(x, 0x3fe6000000000000)
	c := &table.Ftab[i]
	r := math.FMA(z, c.Finvc, -1)
	w := math.FMA(k, table.Fln2hi, c.Flogc)
	high := w + r
	low := math.FMA(k, table.Fln2lo, w-high+r)
	a := &table.Fpoly
	rr := r * r
	cubic := math.FMA(rr, math.FMA(r, a[4], a[3]), math.FMA(r, a[2], a[1]))
	return math.FMA(float64(r*rr), cubic, math.FMA(rr, a[0], low)) + high
}

// logarithmNear1 returns log(1+r) for small r. It keeps r·r/2 in two parts.
func logarithmNear1(r float64) float64 {
	b := &libc.X__log_data.Fpoly1
	r2 := r * r
	r3 := r * r2
	series := math.FMA(r3, b[10], math.FMA(r2, b[9], math.FMA(r, b[8], b[7])))
	series = math.FMA(r3, series, math.FMA(r2, b[6], math.FMA(r, b[5], b[4])))
	series = math.FMA(r3, series, math.FMA(r2, b[3], math.FMA(r, b[2], b[1])))
	rHigh := math.FMA(-r, 1<<27, math.FMA(r, 1<<27, r)) // 26 bits of r: its square is exact
	rLow := r - rHigh
	square := rHigh * rHigh
	high := math.FMA(square, b[0], r)
	low := math.FMA(square, b[0], r-high)
	low = math.FMA(float64(b[0]*rLow), rHigh+r, low)
	return math.FMA(r3, series, low) + high
}

// power returns the C library's pow(x, y) for x >= 0 and y > 0: e^(y·log x), with
// the logarithm in two parts.
func power(x, y float64) float64 {
	switch {
	case x == 0 || x == 1:
		return x
	case y < 0x1p-65:
		return 1
	case y >= 0x1p63 || math.IsInf(x, 1):
		return math.Pow(x, y) // 0 or infinite
	}
	high, low := logarithmParts(x)
	p := y * high
	return exponential(p, math.FMA(y, low, math.FMA(y, high, -p)))
}

// logarithmParts returns log x to about 68 bits, as the sum of two floats.
func logarithmParts(x float64) (high, low float64) {
	table := &libc.X__pow_log_data
	k, z, i := split(x, 0x3fe6955500000000)
	c := &table.Ftab[i]
	r := math.FMA(z, c.Finvc, -1)
	t1 := math.FMA(k, table.Fln2hi, c.Flogc)
	t2 := t1 + r
	low1 := math.FMA(k, table.Fln2lo, c.Flogctail)
	low2 := t1 - t2 + r
	a := &table.Fpoly
	ar := a[0] * r
	ar2 := float64(r * ar)
	ar3 := r * ar2
	sum := t2 + ar2
	low3 := math.FMA(ar, r, -ar2)
	low4 := t2 - sum + ar2
	series := math.FMA(ar2, math.FMA(r, a[6], a[5]), math.FMA(r, a[4], a[3]))
	series = math.FMA(ar2, series, math.FMA(r, a[2], a[1]))
	tail := math.FMA(ar3, series, low1+low2+low3+low4)
	high = sum + tail
	return high, sum - high + tail
}

// exponential returns e^(x+tail): 2^(k/128) from a table times a polynomial.
func exponential(x, tail float64) float64 {
	switch {
	case math.Abs(x) < 0x1p-54:
		return 1
	case math.Abs(x) >= 1024:
		return math.Exp(x) // 0 or infinite
	}
	table := &libc.X__exp_data
	shifted := math.FMA(table.Finvln2N, x, table.Fshift) // its low bits are the integer nearest to x·128/ln 2
	steps := math.Float64bits(shifted)
	k := shifted - table.Fshift
	r := math.FMA(k, table.Fnegln2loN, math.FMA(k, table.Fnegln2hiN, x)) + tail
	i := 2 * (steps & tableMask)
	bits := table.Ftab[i+1] + steps<<(fractionBits-tableBits)
	c := &table.Fpoly
	rr := r * r
	more := math.FMA(rr, math.FMA(r, c[1], c[0]), math.Float64frombits(table.Ftab[i])+r)
	more = math.FMA(float64(rr*rr), math.FMA(r, c[3], c[2]), more)
	switch {
	case x <= -512:
		return nearUnderflow(bits, more)
	case x >= 512: // scale could overflow although the result does not
		scale := math.Float64frombits(bits - 1009<<fractionBits)
		return 0x1p1009 * math.FMA(scale, more, scale)
	}
	scale := math.Float64frombits(bits)
	return math.FMA(scale, more, scale)
}

// nearUnderflow returns scale·(1+more) where the result may be subnormal. It
// computes 2^1022 times the result and rounds once, to the bits that remain.
func nearUnderflow(scaleBits uint64, more float64) float64 {
	const smallest = 0x1p-1022
	scale := math.Float64frombits(scaleBits + 1022<<fractionBits)
	product := float64(scale * more)
	y := scale + product
	if y < 1 {
		low := scale - y + product
		high := 1 + y
		low += 1 - high + y
		if y = high + low - 1; y == 0 {
			return 0
		}
	}
	return y * smallest
}
