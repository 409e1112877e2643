package trace

import (
	"math"
	"math/rand/v2"
	"time"

	"github.com/LMCache/LMBench/tools/data/pyrand"
)

// Recipe is what a made-up trace is like.
type Recipe struct {
	Seed      uint64
	Requests  int
	Rate      float64 // requests a second
	Variation float64 // of the gaps between arrivals, standard deviation over mean: 1 Poisson, 0 even, above 1 bursts
	Batch     int     // requests that arrive at the same instant

	Input, Output Length // of what a request adds to its prompt, and of its answer
	Longest       int    // tokens of prompt and answer together, at most

	BlockSize    int
	Systems      int     // different system prompts; the first is the most frequent
	SystemBlocks int     // blocks of each
	Continue     float64 // share of requests that go on with a conversation
}

// Length is a log-normal number of tokens, at least 1.
type Length struct {
	Median float64
	Sigma  float64 // of the logarithm
}

func (l Length) draw(random *rand.Rand) int {
	return int(max(1, min(math.Round(l.Median*math.Exp(l.Sigma*random.NormFloat64())), longest)))
}

// dialogue is a conversation that can go on.
type dialogue struct {
	blocks []int64 // full ones
	tokens int     // of the last prompt and its answer
	chat   int64
}

// Make makes a trace up: a tree of prefixes whose trunks are the system prompts
// and whose branches are conversations, each turn's prompt being all of the
// turn before, its answer, and something new. The same recipe makes the same
// trace.
func Make(recipe Recipe) *Trace {
	m := maker{Recipe: recipe, random: rand.New(rand.NewPCG(recipe.Seed, 0))}
	t := &Trace{Format: JSONL, Unit: Millisecond, Sorted: true}
	at := 0.
	for i := range recipe.Requests {
		if i > 0 && i%max(1, recipe.Batch) == 0 {
			at += m.gap()
		}
		r := m.request()
		r.Line, r.At, r.Chat = i+1, time.Duration(at*1e3)*time.Millisecond, int64(i+1)
		m.open[len(m.open)-1].chat = r.Chat
		t.Requests = append(t.Requests, r)
	}
	return t
}

type maker struct {
	Recipe
	random *rand.Rand
	nextID int64
	trunks [][]int64
	open   []dialogue // most recent last
}

// remembered is how many conversations may still go on.
const remembered = 1000

// request is the next one; its conversation is the last of those open.
func (m *maker) request() Request {
	before := dialogue{blocks: m.trunk(), tokens: m.SystemBlocks * m.BlockSize}
	if len(m.open) > 0 && m.random.Float64() < m.Continue {
		// Rather one that spoke lately than one that did not for long.
		i := len(m.open) - 1 - int(float64(len(m.open))*math.Pow(m.random.Float64(), 2))
		if d := m.open[i]; d.tokens < m.Longest*9/10 {
			before = d
			m.open = append(m.open[:i], m.open[i+1:]...)
		}
	}
	r := Request{Parent: before.chat, Output: m.Output.draw(m.random)}
	r.Output = min(r.Output, max(1, m.Longest/10))
	r.Input = min(before.tokens+m.Input.draw(m.random), m.Longest-r.Output)
	r.Input = max(r.Input, 1)
	r.Blocks = m.fill(before.blocks, r.Input, true)
	after := dialogue{tokens: r.Input + r.Output}
	// The last block of the prompt was not full; in the next prompt it is
	// another one, and so are those of the answer.
	after.blocks = m.fill(r.Blocks[:r.Input/m.BlockSize], after.tokens, false)
	m.open = append(m.open, after)
	if len(m.open) > remembered {
		m.open = m.open[1:]
	}
	return r
}

// trunk is a system prompt, the k-th half as frequent as the one before.
func (m *maker) trunk() []int64 {
	if m.trunks == nil {
		for range max(1, m.Systems) {
			m.trunks = append(m.trunks, m.fill(nil, m.SystemBlocks*m.BlockSize, true))
		}
	}
	k := 0
	for k < len(m.trunks)-1 && m.random.IntN(2) == 0 {
		k++
	}
	return m.trunks[k]
}

// fill is blocks for so many tokens, which begin with those given.
func (m *maker) fill(with []int64, tokens int, partial bool) []int64 {
	count := tokens / m.BlockSize
	if partial && tokens%m.BlockSize > 0 {
		count++
	}
	blocks := append(make([]int64, 0, count), with[:min(len(with), count)]...)
	for len(blocks) < count {
		blocks = append(blocks, m.nextID)
		m.nextID++
	}
	return blocks
}

// gap is a gamma-distributed time between two instants, in seconds.
func (m *maker) gap() float64 {
	mean := float64(max(1, m.Batch)) / m.Rate
	if m.Variation <= 0 {
		return mean
	}
	shape := 1 / (m.Variation * m.Variation)
	return mean / shape * pyrand.Gamma(m.random, shape)
}
