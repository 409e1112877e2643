//go:build !linux || !(amd64 || arm64)

package pyrand

import "math"

// The C library's tables are available on Linux only. On other systems about one
// gamma draw in a thousand differs from numpy's in its last bit.

func logarithm(x float64) float64 { return math.Log(x) }

func power(x, y float64) float64 { return math.Pow(x, y) }
