package main

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"

	"github.com/LMCache/LMBench/tools/results/metrics"
)

// figures is a JSON object whose keys keep their order. A figure that does not exist is left
// out.
type figures []figure

type figure struct {
	key   string
	value any // a float64, an int or figures
}

func (f *figures) add(key string, value any) {
	if number, is := value.(float64); is && (math.IsNaN(number) || math.IsInf(number, 0)) {
		return
	}
	*f = append(*f, figure{key, value})
}

// MarshalJSON writes the object.
func (f figures) MarshalJSON() ([]byte, error) {
	out := bytes.NewBufferString("{")
	for i, one := range f {
		if i > 0 {
			out.WriteByte(',')
		}
		value, err := json.Marshal(one.value)
		if err != nil {
			return nil, err
		}
		key, _ := json.Marshal(one.key)
		out.Write(append(append(key, ':'), value...))
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// series is one quantity of all requests, ascending.
type series []float64

// of sorts the values that exist, times a unit.
func of(unit float64, values []float64) series {
	s := make(series, 0, len(values))
	for _, v := range values {
		if !math.IsNaN(v) {
			s = append(s, v*unit)
		}
	}
	slices.Sort(s)
	return s
}

func (s series) mean() float64                { return metrics.Mean(s) }
func (s series) median() float64              { return metrics.Median(s) }
func (s series) percentile(p float64) float64 { return metrics.Percentile(s, p) }
func (s series) least() float64               { return metrics.Percentile(s, 0) }
func (s series) most() float64                { return metrics.Percentile(s, 100) }

func (s series) deviation() float64 { return metrics.StdDev(s) }
