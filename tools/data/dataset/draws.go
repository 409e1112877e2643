package dataset

import "github.com/LMCache/LMBench/tools/data/pyrand"

// Draws holds the two streams of random numbers that Python programs use, with the same
// seed.
type Draws struct {
	Python pyrand.MT19937     // of the module random
	Numpy  pyrand.RandomState // of numpy.random
	seed   uint32
}

// NewDraws does what random.seed(seed) and numpy.random.seed(seed) do.
func NewDraws(seed uint32) *Draws {
	d := &Draws{seed: seed, Numpy: *pyrand.NewRandomState(seed)}
	d.reseed()
	return d
}

// reseed repeats random.seed(seed), as most of vLLM's data sets do.
func (d *Draws) reseed() { d.Python = *pyrand.NewMT19937(d.seed) }

// fill repeats randomly drawn requests until there are n.
func (d *Draws) fill(requests []Request, n int) []Request {
	if missing := n - len(requests); missing > 0 {
		d.reseed()
		for _, i := range d.Python.Choices(len(requests), missing) {
			requests = append(requests, requests[i])
		}
	}
	return requests
}
