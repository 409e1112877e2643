package main

import (
	"cmp"
	"math"
	"slices"
)

// weighted is a value with a weight.
type weighted struct{ value, weight float64 }

// summary returns GuideLLM's summary of a distribution: a percentile is the smallest value
// with that share of the weight at or below it, without interpolation. It is nil if there
// is no weight.
func summary(values []weighted) (s figures) {
	var distinct []weighted
	total := 0.0
	for _, v := range slices.SortedFunc(slices.Values(values), func(a, b weighted) int { return cmp.Compare(a.value, b.value) }) {
		if !(v.weight > 0) || math.IsNaN(v.value) {
			continue
		}
		total += v.weight
		if last := len(distinct) - 1; last >= 0 && distinct[last].value == v.value {
			distinct[last].weight += v.weight
			continue
		}
		distinct = append(distinct, v)
	}
	if len(distinct) == 0 {
		return nil
	}
	mean, variance, most := 0.0, 0.0, 0
	for i := range distinct {
		d := &distinct[i]
		d.weight /= total
		mean += d.value * d.weight
		if d.weight > distinct[most].weight {
			most = i
		}
	}
	for _, d := range distinct {
		variance += (d.value - mean) * (d.value - mean) * d.weight
	}
	count := math.Round(total)
	var percentiles figures
	for _, p := range []struct {
		name  string
		share float64
	}{{"p001", 0.001}, {"p01", 0.01}, {"p05", 0.05}, {"p10", 0.1}, {"p25", 0.25}, {"p50", 0.5}, {"p75", 0.75}, {"p90", 0.9}, {"p95", 0.95}, {"p99", 0.99}, {"p999", 0.999}} {
		percentiles.add(p.name, reaching(distinct, p.share))
	}
	return figures{
		{"mean", mean}, {"median", reaching(distinct, 0.5)}, {"mode", distinct[most].value}, {"variance", variance}, {"std_dev", math.Sqrt(variance)},
		{"min", distinct[0].value}, {"max", distinct[len(distinct)-1].value}, {"count", int(count)}, {"total_sum", mean * count}, {"percentiles", percentiles},
	}
}

// reaching returns the smallest value at which the cumulated weight reaches a share.
func reaching(distinct []weighted, share float64) float64 {
	sum := 0.0
	for _, d := range distinct {
		if sum += d.weight; sum >= share {
			return d.value
		}
	}
	return distinct[len(distinct)-1].value
}
