//go:build !linux || !(amd64 || arm64)

package pyrand

import "math"

// The tables of the C library's logarithm are available on Linux only. Elsewhere
// one draw in a thousand or so differs from numpy's in its last bit.

func logarithm(x float64) float64 { return math.Log(x) }

func power(x, y float64) float64 { return math.Pow(x, y) }
