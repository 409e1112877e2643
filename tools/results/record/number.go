package record

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"strconv"
	"strings"

	"github.com/LMCache/LMBench/tools/data/userfile"
)

// number is strconv.ParseFloat, three times as fast for what clocks write: up to 19
// digits with a decimal point.
func number(cell string) (float64, error) {
	if digits, decimals, negative, plain := decimal(cell); plain {
		v := quotient(digits, decimals)
		if negative {
			v = -v
		}
		return v, nil
	}
	return strconv.ParseFloat(cell, 64)
}

// decimal splits a plain number, whose size is digits / 10^decimals.
func decimal(cell string) (digits uint64, decimals int, negative, plain bool) {
	if negative = cell != "" && cell[0] == '-'; negative {
		cell = cell[1:]
	}
	digits, whole := appendDigits(0, cell)
	length := whole
	if whole < len(cell) && cell[whole] == '.' {
		digits, decimals = appendDigits(digits, cell[whole+1:])
		length += 1 + decimals
	}
	plain = length == len(cell) && whole+decimals > 0 && decimals < len(tens) && (whole+decimals <= maxDigits || small(cell))
	return digits, decimals, negative, plain
}

// whole reads a whole number, which pandas may have written as 54.0 or 1e3. As with gocsv, a
// prefix such as 0x can give the base.
func whole(cell string) (int, error) {
	if digits, n := appendDigits(0, cell); n == len(cell) && 0 < n && n < maxDigits && (cell[0] != '0' || n == 1) {
		return int(digits), nil
	}
	if strings.EqualFold(cell, "nan") {
		return 0, nil // as an empty cell
	}
	if digits, fraction, _ := strings.Cut(cell, "."); strings.Trim(fraction, "0") == "" {
		if v, err := strconv.ParseInt(digits, 0, 64); err == nil {
			return int(v), nil
		}
	}
	v, err := userfile.Whole(cell)
	if err != nil && fractional(cell) {
		err = fmt.Errorf("%w, got %q", errFraction, cell)
	}
	return int(v), err
}

// errFraction is an error that gocsv would pass over, by cutting the fraction off.
var errFraction = errors.New("want a whole number")

// fractional reports whether a cell is a finite number with a fraction.
func fractional(cell string) bool {
	v, err := strconv.ParseFloat(cell, 64)
	return err == nil && !math.IsInf(v, 0) && v != math.Trunc(v)
}

// maxDigits is the number of decimal digits that always fit into 64 bits.
const maxDigits = 19

// small reports whether a number has at most maxDigits digits after its leading zeros.
func small(cell string) bool {
	zeros := 0
	for zeros < len(cell) && (cell[zeros] == '0' || cell[zeros] == '.') {
		zeros++
	}
	return len(cell)-zeros <= maxDigits
}

// appendDigits appends the decimal digits at the start of text to digits, and returns
// their number as well.
func appendDigits(digits uint64, text string) (uint64, int) {
	i := 0
	for ; i+8 <= len(text); i += 8 {
		eight := load(text[i : i+8])
		if (eight&0xf0f0f0f0f0f0f0f0)|((eight+0x0606060606060606)&0xf0f0f0f0f0f0f0f0)>>4 != 0x3333333333333333 {
			break
		}
		// Neighbouring digits are joined to numbers of two, four and eight digits.
		eight = (eight & 0x0f0f0f0f0f0f0f0f) * (10<<8 + 1) >> 8
		eight = (eight & 0x00ff00ff00ff00ff) * (100<<16 + 1) >> 16
		eight = (eight & 0x0000ffff0000ffff) * (10000<<32 + 1) >> 32
		digits = digits*100_000_000 + eight
	}
	for ; i < len(text); i++ {
		d := text[i] - '0'
		if d > 9 {
			break
		}
		digits = digits*10 + uint64(d)
	}
	return digits, i
}

// tens holds the powers of ten that fit into 64 bits.
var tens = [...]uint64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19}

// quotient returns digits / 10^decimals, correctly rounded.
func quotient(digits uint64, decimals int) float64 {
	ten := tens[decimals]
	if digits < 1<<53 { // both are exact floats, so the division rounds only once (Clinger 1990)
		return float64(digits) / float64(ten)
	}
	// Both are shifted up to bit 63, so the quotient has 63 or 64 bits, at least ten more
	// than a float. The last one is set if more bits follow.
	up, ups := bits.LeadingZeros64(digits), bits.LeadingZeros64(ten)
	digits, ten = digits<<up, ten<<ups
	q, rest := bits.Div64(digits>>1, digits<<63, ten)
	if rest != 0 {
		q |= 1
	}
	q = q>>1 | q&1
	return float64(int64(q)) * math.Float64frombits(uint64(1023-62+ups-up)<<52)
}

// load returns eight bytes as a number, the first byte lowest.
func load(s string) uint64 {
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 | uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}
