package trace

import (
	"math"
	"math/rand/v2"
	"time"

	"github.com/LMCache/LMBench/tools/data/pyrand"
)

// GenConfig describes a synthetic trace.
type GenConfig struct {
	Seed      uint64
	Requests  int
	Rate      float64 // requests per second
	Variation float64 // coefficient of variation of the gaps: 0 even, 1 Poisson, above 1 bursts
	Batch     int     // requests that arrive at the same instant

	Input     LogNormal // tokens that a request adds to its conversation
	Output    LogNormal // tokens of an answer
	MaxTokens int       // of prompt and answer together

	BlockSize     int
	SystemPrompts int     // each is half as frequent as the previous one
	SystemBlocks  int     // blocks of each
	Continue      float64 // share of requests that continue a conversation
}

// LogNormal is a distribution of numbers of tokens, rounded and at least 1.
type LogNormal struct {
	Median float64
	Sigma  float64 // of the logarithm
}

func (l LogNormal) draw(random *rand.Rand) int {
	return int(max(1, min(math.Round(l.Median*math.Exp(l.Sigma*random.NormFloat64())), maxTokens)))
}

// conversation is a conversation that a later request may continue.
type conversation struct {
	blocks []int64 // full blocks
	tokens int     // of the last prompt and its answer
	chat   int64
}

// Generate returns a synthetic trace of conversations that begin with one of a
// few system prompts. Each turn's prompt is the previous prompt, its answer and
// new tokens. The trace is determined by its configuration.
func Generate(config GenConfig) *Trace {
	g := generator{GenConfig: config, random: rand.New(rand.NewPCG(config.Seed, 0))}
	t := &Trace{Format: JSONL, Unit: Millisecond, Sorted: true}
	at := 0.
	for i := range config.Requests {
		if i > 0 && i%max(1, config.Batch) == 0 {
			at += g.gap()
		}
		r := g.request()
		r.Line, r.At, r.Chat = i+1, time.Duration(at*1e3)*time.Millisecond, int64(i+1)
		g.open[len(g.open)-1].chat = r.Chat
		t.Requests = append(t.Requests, r)
	}
	return t
}

type generator struct {
	GenConfig
	random  *rand.Rand
	nextID  int64
	systems [][]int64      // blocks of the system prompts
	open    []conversation // most recent last
}

// maxOpen is the number of conversations that may be continued.
const maxOpen = 1000

// request returns the next request and makes its conversation the last open one.
func (g *generator) request() Request {
	previous := conversation{blocks: g.sharedPrefix(), tokens: g.SystemBlocks * g.BlockSize}
	if len(g.open) > 0 && g.random.Float64() < g.Continue {
		// Recent conversations are more likely to be continued.
		i := len(g.open) - 1 - int(float64(len(g.open))*math.Pow(g.random.Float64(), 2))
		if c := g.open[i]; c.tokens < g.MaxTokens*9/10 {
			previous = c
			g.open = append(g.open[:i], g.open[i+1:]...)
		}
	}
	r := Request{Parent: previous.chat, Output: g.Output.draw(g.random)}
	r.Output = min(r.Output, max(1, g.MaxTokens/10))
	r.Input = min(previous.tokens+g.Input.draw(g.random), g.MaxTokens-r.Output)
	r.Input = max(r.Input, 1)
	r.Blocks = g.fill(previous.blocks, r.Input, true)
	after := conversation{tokens: r.Input + r.Output}
	// The next prompt fills the prompt's partial last block and adds blocks of the
	// answer, all with new ids.
	after.blocks = g.fill(r.Blocks[:r.Input/g.BlockSize], after.tokens, false)
	g.open = append(g.open, after)
	if len(g.open) > maxOpen {
		g.open = g.open[1:]
	}
	return r
}

// sharedPrefix returns the blocks of a random system prompt.
func (g *generator) sharedPrefix() []int64 {
	if g.systems == nil {
		for range max(1, g.SystemPrompts) {
			g.systems = append(g.systems, g.fill(nil, g.SystemBlocks*g.BlockSize, true))
		}
	}
	k := 0
	for k < len(g.systems)-1 && g.random.IntN(2) == 0 {
		k++
	}
	return g.systems[k]
}

// fill returns blocks for a number of tokens: first the given ones, then new ones.
func (g *generator) fill(given []int64, tokens int, partial bool) []int64 {
	count := tokens / g.BlockSize
	if partial && tokens%g.BlockSize > 0 {
		count++
	}
	blocks := append(make([]int64, 0, count), given[:min(len(given), count)]...)
	for len(blocks) < count {
		blocks = append(blocks, g.nextID)
		g.nextID++
	}
	return blocks
}

// gap draws the time between two arrivals, in seconds, from a gamma distribution.
func (g *generator) gap() float64 {
	mean := float64(max(1, g.Batch)) / g.Rate
	if g.Variation <= 0 {
		return mean
	}
	shape := 1 / (g.Variation * g.Variation)
	return mean / shape * pyrand.Gamma(g.random, shape)
}
