package format

import (
	"math"
	"testing"
	"time"
)

func TestNumbers(t *testing.T) {
	for _, test := range []struct {
		v                 float64
		number, short, ms string
		percent           string // of v as a fraction
		change, points    string
		fixed             string // with one decimal
		why               string
	}{
		{0, "0", "0", "0 ms", "0 %", "+0.0 %", "+0.00 pp", "0.0", "zero has no digits to show"},
		{12.3, "12.3", "12.3", "12.3 ms", "1230 %", "+1230.0 %", "+1230.00 pp", "12.3", "the example of the package comment"},
		{12.30001, "12.3", "12.3", "12.3 ms", "1230 %", "+1230.0 %", "+1230.00 pp", "12.3", "further digits are noise"},
		{12, "12.0", "12", "12 ms", "1200 %", "+1200.0 %", "+1200.00 pp", "12.0", "a table keeps zeros, a sentence does not"},
		{100, "100", "100", "100 ms", "10000 %", "+10000.0 %", "+10000.00 pp", "100.0", "zeros before the point stay"},
		{12345.6, "12346", "12346", "12.3 s", "1234560 %", "+1234560.0 %", "+1234560.00 pp", "12345.6", "the whole part stays"},
		{9.996, "10.0", "10", "10 ms", "1000 %", "+999.6 %", "+999.60 pp", "10.0", "digits are counted after rounding"},
		{0.5, "0.500", "0.5", "0.5 ms", "50 %", "+50.0 %", "+50.00 pp", "0.5", "below one"},
		{0.01234, "0.0123", "0.0123", "12.3 µs", "1.23 %", "+1.2 %", "+1.23 pp", "0.0", "small figures keep three digits"},
		{-1.5, "-1.50", "-1.5", "-1.5 ms", "-150 %", "-150.0 %", "-150.00 pp", "-1.5", "negative"},
		{1e-9, "1.00e-09", "1.00e-09", "0.000001 µs", "1.00e-07 %", "+0.0 %", "+0.00 pp", "0.0", "too small for decimals"},
		{math.NaN(), "-", "-", "-", "-", "-", "-", "-", "no such figure"},
		{math.Inf(-1), "-", "-", "-", "-", "-", "-", "-", "a ratio to zero"},
	} {
		for _, got := range []struct{ name, text, want string }{
			{"Number", Number(test.v), test.number}, {"Short", Short(test.v), test.short}, {"Milliseconds", Milliseconds(test.v), test.ms},
			{"Percent", Percent(test.v), test.percent}, {"Change", Change(test.v), test.change}, {"Points", Points(test.v), test.points},
			{"Fixed", Fixed(test.v, 1), test.fixed},
		} {
			if got.text != got.want {
				t.Errorf("%s(%v) = %q, want %q: %s", got.name, test.v, got.text, got.want, test.why)
			}
		}
	}
}

func TestCount(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -123: "-123", -1234: "-1,234"} {
		if got := Count(n); got != want {
			t.Errorf("Count(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestClock(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0:00", 65 * time.Second: "1:05", 59*time.Minute + 59*time.Second + 600*time.Millisecond: "1:00:00", 2*time.Hour + 3*time.Minute + 45*time.Second: "2:03:45",
	} {
		if got := Clock(d); got != want {
			t.Errorf("Clock(%v) = %q, want %q", d, got, want)
		}
	}
}
