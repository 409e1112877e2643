package pyrand

import "math"

// doubleDouble is a number of about 106 bits: the sum of two floats that do not
// overlap. Logarithms and powers computed with it are accurate to about 95 bits, so
// that rounding them once rounds correctly. A C library misses the correctly rounded
// result for a few values in a thousand, Go's math package more often.
type doubleDouble struct{ high, low float64 }

func sum2(a, b float64) doubleDouble {
	s := a + b
	t := s - a
	return doubleDouble{s, (a - (s - t)) + (b - t)}
}

func product2(a, b float64) doubleDouble {
	p := float64(a * b) // the conversion prevents fusing
	return doubleDouble{p, math.FMA(a, b, -p)}
}

func (a doubleDouble) add(b doubleDouble) doubleDouble {
	s := sum2(a.high, b.high)
	return sum2(s.high, s.low+a.low+b.low)
}

func (a doubleDouble) mul(b doubleDouble) doubleDouble {
	p := product2(a.high, b.high)
	return sum2(p.high, p.low+float64(a.high*b.low)+float64(a.low*b.high))
}

func (a doubleDouble) div(b doubleDouble) doubleDouble {
	q := a.high / b.high
	rest := a.add(b.mul(doubleDouble{-q, 0}))
	q2 := rest.high / b.high
	rest = rest.add(b.mul(doubleDouble{-q2, 0}))
	return sum2(q, q2).add(doubleDouble{rest.high / b.high, 0})
}

func (a doubleDouble) sqrt() doubleDouble {
	r := math.Sqrt(a.high)
	rest := a.add(product2(-r, r))
	return sum2(r, rest.high/(2*r))
}

// ln2 is log 2.
var ln2 = doubleDouble{0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56}

// log returns the natural logarithm of x > 0. Six square roots bring x near 1, where
// the series of artanh converges quickly.
func log(x float64) doubleDouble {
	fraction, exponent := math.Frexp(x)
	if fraction < math.Sqrt2/2 {
		fraction *= 2
		exponent--
	}
	m := doubleDouble{fraction, 0}
	const roots = 6
	for range roots {
		m = m.sqrt()
	}
	one := doubleDouble{1, 0}
	s := m.add(doubleDouble{-1, 0}).div(m.add(one))
	square := s.mul(s)
	series := doubleDouble{}
	for k := 15; k >= 1; k -= 2 {
		series = series.mul(square).add(one.div(doubleDouble{float64(k), 0}))
	}
	near := series.mul(s)
	near.high, near.low = near.high*(2<<roots), near.low*(2<<roots)
	return ln2.mul(doubleDouble{float64(exponent), 0}).add(near)
}

// exp returns e^x, rounded.
func exp(x doubleDouble) float64 {
	const halvings = 8
	exponent := math.Round(x.high / ln2.high)
	r := x.add(ln2.mul(doubleDouble{-exponent, 0}))
	r.high, r.low = math.Ldexp(r.high, -halvings), math.Ldexp(r.low, -halvings)
	series := doubleDouble{1, 0} // of (e^r - 1) / r, Horner
	for k := 12; k >= 2; k-- {
		series = series.mul(r).div(doubleDouble{float64(k), 0}).add(doubleDouble{1, 0})
	}
	less := series.mul(r) // e^r - 1 keeps its precision while it is doubled
	for range halvings {
		less = less.mul(less).add(less).add(less)
	}
	whole := less.add(doubleDouble{1, 0})
	return math.Ldexp(whole.high+whole.low, int(exponent))
}

// roundedLog returns the correctly rounded natural logarithm.
func roundedLog(x float64) float64 {
	if !(x > 0) || x == 1 {
		return math.Log(x)
	}
	l := log(x)
	return l.high + l.low
}

// roundedPower returns the correctly rounded x^y for x >= 0 and y > 0.
func roundedPower(x, y float64) float64 {
	if x == 0 || x == 1 {
		return x
	}
	to := log(x).mul(doubleDouble{y, 0})
	if !(math.Abs(to.high) <= 700) { // near overflow and underflow the method loses precision
		return math.Pow(x, y)
	}
	return exp(to)
}
