package pyrand

import "math"

// double is a number of about 106 bits: the sum of two floats that do not
// overlap. Logarithms and powers computed with it, to some 95 bits, and rounded
// once are correctly rounded. C libraries' are but for some values in a
// thousand, Go's math more often.
type double struct{ high, low float64 }

func sum2(a, b float64) double {
	s := a + b
	t := s - a
	return double{s, (a - (s - t)) + (b - t)}
}

func product2(a, b float64) double {
	p := float64(a * b) // never fused with a sum
	return double{p, math.FMA(a, b, -p)}
}

func (a double) plus(b double) double {
	s := sum2(a.high, b.high)
	return sum2(s.high, s.low+a.low+b.low)
}

func (a double) times(b double) double {
	p := product2(a.high, b.high)
	return sum2(p.high, p.low+float64(a.high*b.low)+float64(a.low*b.high))
}

func (a double) over(b double) double {
	q := a.high / b.high
	rest := a.plus(b.times(double{-q, 0}))
	q2 := rest.high / b.high
	rest = rest.plus(b.times(double{-q2, 0}))
	return sum2(q, q2).plus(double{rest.high / b.high, 0})
}

func (a double) root() double {
	r := math.Sqrt(a.high)
	rest := a.plus(product2(-r, r))
	return sum2(r, rest.high/(2*r))
}

// ln2 is the logarithm of 2.
var ln2 = double{0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56}

// log is the natural logarithm of a number above 0: six roots bring it near 1,
// where the series of the area tangent converges at once.
func log(x float64) double {
	fraction, exponent := math.Frexp(x)
	if fraction < math.Sqrt2/2 {
		fraction *= 2
		exponent--
	}
	m := double{fraction, 0}
	const roots = 6
	for range roots {
		m = m.root()
	}
	one := double{1, 0}
	s := m.plus(double{-1, 0}).over(m.plus(one))
	square := s.times(s)
	series := double{}
	for k := 15; k >= 1; k -= 2 {
		series = series.times(square).plus(one.over(double{float64(k), 0}))
	}
	near := series.times(s)
	near.high, near.low = near.high*(2<<roots), near.low*(2<<roots)
	return ln2.times(double{float64(exponent), 0}).plus(near)
}

// exp is e to a power.
func exp(x double) float64 {
	const halvings = 8
	exponent := math.Round(x.high / ln2.high)
	r := x.plus(ln2.times(double{-exponent, 0}))
	r.high, r.low = math.Ldexp(r.high, -halvings), math.Ldexp(r.low, -halvings)
	series := double{1, 0} // of (e^r - 1) / r, Horner
	for k := 12; k >= 2; k-- {
		series = series.times(r).over(double{float64(k), 0}).plus(double{1, 0})
	}
	less := series.times(r) // e^r - 1, which keeps its bits while it is doubled
	for range halvings {
		less = less.times(less).plus(less).plus(less)
	}
	whole := less.plus(double{1, 0})
	return math.Ldexp(whole.high+whole.low, int(exponent))
}

// roundedLog is the natural logarithm, correctly rounded.
func roundedLog(x float64) float64 {
	if !(x > 0) || x == 1 {
		return math.Log(x)
	}
	l := log(x)
	return l.high + l.low
}

// roundedPower is x to the y for x of at least 0 and y above 0, correctly rounded.
func roundedPower(x, y float64) float64 {
	if x == 0 || x == 1 {
		return x
	}
	to := log(x).times(double{y, 0})
	if !(math.Abs(to.high) <= 700) { // near where numbers end nothing is that exact
		return math.Pow(x, y)
	}
	return exp(to)
}
