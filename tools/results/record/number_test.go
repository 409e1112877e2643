package record

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"
)

// sameAsStrconv fails unless strconv gives the same bits, or also an error.
func sameAsStrconv(t *testing.T, cell string) {
	t.Helper()
	got, failed := number(cell)
	want, err := strconv.ParseFloat(cell, 64)
	if math.Float64bits(got) != math.Float64bits(want) || (failed == nil) != (err == nil) {
		t.Errorf("%q is %v, %v; strconv says %v, %v", cell, got, failed, want, err)
	}
}

func numbers() map[string]string {
	return map[string]string{
		"a stamp":                               "1700000000.1234567",
		"a difference of stamps":                "0.036800384521484375",
		"zeros before the first digit":          "0.00026702880859375",
		"more decimals than 64 bits have tens":  "0.00000000000000000001",
		"the most decimals":                     "0.0000000000000000001",
		"the most digits":                       "9999999999999999999",
		"a digit too many":                      "99999999999999999999",
		"many zeros before":                     "0000000000000000000000001.5",
		"the last exact mantissa":               "9007199254740992",
		"half way, to even":                     "9007199254740993",
		"half way, to even, upwards":            "9007199254740995",
		"half way, decimals":                    "900719925474099.3",
		"just above half way":                   "9007199254740993.001",
		"rounded up to a power of two":          "18014398509481983.9",
		"no whole part":                         ".5",
		"no decimals":                           "5.",
		"no digit":                              ".",
		"nothing":                               "",
		"a sign alone":                          "-",
		"minus zero":                            "-0",
		"negative":                              "-1700000000.1234567",
		"a plus":                                "+1",
		"an exponent":                           "1e-05",
		"two points":                            "1.2.3",
		"a word":                                "inf",
		"a space":                               " 1",
		"underlines":                            "1_000",
		"a colon follows 9":                     "1234567:",
		"a slash precedes 0":                    "/2345678",
		"beyond ASCII":                          "1234567\xb9",
		"eight digits":                          "12345678",
		"sixteen digits":                        "1234567812345678",
		"hexadecimal":                           "0x10",
		"no hexadecimal digit is a decimal one": "123456aB",
	}
}

func TestNumberEqualsStrconv(t *testing.T) {
	for why, cell := range numbers() {
		t.Run(why, func(t *testing.T) { sameAsStrconv(t, cell) })
	}
	random := rand.New(rand.NewPCG(3, 4))
	for range 20_000 {
		launch := 1.7e9 + 1e6*random.Float64()
		for _, v := range []float64{launch, launch + random.ExpFloat64() - launch, float64(random.Uint64()) * math.Pow10(-random.IntN(40))} {
			sameAsStrconv(t, strconv.FormatFloat(v, 'f', -1, 64))
		}
		digits := strconv.FormatUint(random.Uint64()>>random.IntN(64), 10)
		point := random.IntN(len(digits) + 1)
		sameAsStrconv(t, digits[:point]+"."+digits[point:])
	}
}

func FuzzNumber(f *testing.F) {
	for _, cell := range numbers() {
		f.Add(cell)
	}
	f.Fuzz(sameAsStrconv)
}

func BenchmarkNumber(b *testing.B) {
	parsers := map[string]func(string) (float64, error){
		"ours":    number,
		"strconv": func(cell string) (float64, error) { return strconv.ParseFloat(cell, 64) },
	}
	for _, of := range []struct{ name, cell string }{{"stamp", "1700000000.1234567"}, {"time", "0.036800384521484375"}, {"count", "17"}} {
		for name, parse := range parsers {
			b.Run(of.name+"/"+name, func(b *testing.B) {
				for b.Loop() {
					if _, err := parse(of.cell); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
