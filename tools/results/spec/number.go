package spec

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
)

// Integer returns n as an int64 if it fits, or else n itself.
func Integer(n *big.Int) any {
	if n.IsInt64() {
		return n.Int64()
	}
	return n
}

// whole reads decimal, 0b101, 0x1F, 017 and 1:30 (base 60).
func whole(text string) (any, error) {
	sign, digits := signed(text)
	sum := new(big.Int)
	for part := range strings.SplitSeq(digits, ":") {
		base := 10
		switch {
		case strings.HasPrefix(part, "0b"):
			base, part = 2, part[2:]
		case strings.HasPrefix(part, "0x"):
			base, part = 16, part[2:]
		case strings.HasPrefix(part, "0") && part == digits:
			base = 8
		}
		n, ok := new(big.Int).SetString(part, base)
		if !ok || n.Sign() < 0 {
			return nil, fmt.Errorf("%q is not an integer", text)
		}
		sum.Add(sum.Mul(sum, big.NewInt(60)), n)
	}
	return Integer(sum.Mul(sum, big.NewInt(int64(sign)))), nil
}

// decimal reads 1.5, 1.0e+5, .inf, .nan and 1:30.5 (base 60).
func decimal(text string) (any, error) {
	sign, digits := signed(text)
	switch digits {
	case ".inf":
		return math.Inf(sign), nil
	case ".nan":
		return math.NaN(), nil
	}
	parts, sum, unit := strings.Split(digits, ":"), 0.0, 1.0
	for i := len(parts) - 1; i >= 0; i-- {
		v, err := strconv.ParseFloat(parts[i], 64)
		if err != nil && !math.IsInf(v, 0) || strings.Trim(parts[i], "0123456789.e+-") != "" {
			return nil, fmt.Errorf("%q is not a number", text)
		}
		sum += float64(v * unit)
		unit *= 60
	}
	return float64(sign) * sum, nil
}

// signed removes the sign and the underscores.
func signed(text string) (sign int, digits string) {
	digits = strings.ToLower(strings.ReplaceAll(text, "_", ""))
	switch {
	case strings.HasPrefix(digits, "-"):
		return -1, digits[1:]
	case strings.HasPrefix(digits, "+"):
		return 1, digits[1:]
	}
	return 1, digits
}
