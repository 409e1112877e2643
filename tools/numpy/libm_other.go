//go:build !linux || !(amd64 || arm64)

package numpy

// Where the tables of the C library's logarithm are not at hand, one draw in a
// thousand or so differs from numpy's in its last bit.

func logarithm(x float64) float64 { return roundedLog(x) }

func power(x, y float64) float64 { return roundedPower(x, y) }
