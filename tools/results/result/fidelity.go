package result

import (
	"strings"

	"github.com/LMCache/LMBench/tools/results/spec"
)

// fidelityPrefix is what the names of pairs begin with that tell how truly a
// trace was replayed. They become the block trace_fidelity, in lower case and
// without it.
const fidelityPrefix = "FIDELITY_"

// fidelity are those pairs that are numbers.
func (p pairs) fidelity() (s section) {
	for _, pair := range p.Map {
		name, found := strings.CutPrefix(pair.Key, fidelityPrefix)
		if !found {
			continue
		}
		if whole, ok := pair.Value.(int64); ok {
			s.Map = append(s.Map, spec.Entry{Key: strings.ToLower(name), Value: whole})
		} else {
			s.figure(strings.ToLower(name), number(pair.Value))
		}
	}
	return s
}
