// Package goodput reads latency goals and decides which requests meet them. Goodput is
// the rate of successful requests that meet every goal, as vLLM's benchmark defines it.
package goodput

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/LMCache/LMBench/tools/results/format"
)

// Goals are upper limits in milliseconds, by metric: ttft, tpot and e2el. A metric
// that is not in the map has no limit.
type Goals map[string]float64

// names are the metrics that can have a limit, in the order they are shown.
var names = [...]string{"ttft", "tpot", "e2el"}

// Parse reads goals as METRIC:MILLISECONDS, separated by spaces: "ttft:500 tpot:50".
// Of two goals for one metric the last counts.
func Parse(text string) (Goals, error) {
	g := Goals{}
	for word := range strings.FieldsSeq(text) {
		name, limit, _ := strings.Cut(word, ":")
		ms, err := strconv.ParseFloat(limit, 64)
		if !slices.Contains(names[:], name) || err != nil || !(ms >= 0) {
			return nil, fmt.Errorf("invalid goal %q: want ttft:MS, tpot:MS or e2el:MS", word)
		}
		g[name] = ms
	}
	return g, nil
}

// Met reports whether a request meets every goal. Times are in seconds; a time that is
// NaN, such as the TPOT of an answer of one token, meets any goal.
func (g Goals) Met(ttft, tpot, e2el float64) bool {
	for i, seconds := range [len(names)]float64{ttft, tpot, e2el} {
		// Divided, not multiplied, so that rounding decides as it does in vLLM.
		if limit, set := g[names[i]]; set && limit/1000 < seconds {
			return false
		}
	}
	return true
}

// List returns the goals as Parse reads them, each limit rendered by float.
func (g Goals) List(float func(float64) string) []string {
	var texts []string
	for _, name := range names {
		if ms, set := g[name]; set {
			texts = append(texts, name+":"+float(ms))
		}
	}
	return texts
}

// String describes the goals for a reader: "TTFT ≤ 500 ms, TPOT ≤ 50 ms".
func (g Goals) String() string {
	var texts []string
	for _, name := range names {
		if ms, set := g[name]; set && !math.IsInf(ms, 0) {
			texts = append(texts, strings.ToUpper(name)+" ≤ "+format.Milliseconds(ms))
		}
	}
	return strings.Join(texts, ", ")
}
