package metrics

import (
	"math/bits"
	"slices"
)

// nthElements moves to each of the ranks the value that would be there if all were sorted,
// in a fifth of the time that sorting ten million values takes.
func nthElements(values []float64, ranks []int) {
	slices.Sort(ranks)
	nthPart(values, 0, slices.Compact(ranks), 3*bits.Len(uint(len(values))))
}

// nthPart is nthElements for a part of the values: values[0] has rank first. It sorts after
// so many rounds, which only unusual orders need.
func nthPart(values []float64, first int, ranks []int, rounds int) {
	const small = 64
	for ; len(ranks) > 0; rounds-- {
		if len(values) <= small || rounds == 0 {
			slices.Sort(values)
			return
		}
		below, upTo := partition(values, pivot(values))
		less, _ := slices.BinarySearch(ranks, first+below)
		more, _ := slices.BinarySearch(ranks, first+upTo)
		nthPart(values[:below], first, ranks[:less], rounds-1)
		values, first, ranks = values[upTo:], first+upTo, ranks[more:]
	}
}

// pivot returns the median of three medians of three, spread over the values.
func pivot(values []float64) float64 {
	n := len(values)
	at := func(i int) float64 { return values[i*(n-1)/8] }
	return middleOf(middleOf(at(0), at(1), at(2)), middleOf(at(3), at(4), at(5)), middleOf(at(6), at(7), at(8)))
}

func middleOf(a, b, c float64) float64 { return max(min(a, b), min(max(a, b), c)) }

// partition moves values less than the pivot to [0, below). If few values are smaller,
// those equal to it follow in [below, upTo). No branch depends on a value: half of them
// would be mispredicted.
func partition(values []float64, pivot float64) (below, upTo int) {
	for i, v := range values {
		values[i] = values[below]
		values[below] = v
		below += one(v < pivot)
	}
	upTo = below
	if below > len(values)/8 {
		return below, upTo
	}
	for i := below; i < len(values); i++ {
		v := values[i]
		values[i] = values[upTo]
		values[upTo] = v
		upTo += one(v <= pivot)
	}
	return below, upTo
}

// one returns 1 for true, without a branch.
func one(is bool) int {
	n := 0
	if is {
		n = 1
	}
	return n
}
