package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/LMCache/LMBench/tools/data/chat"
	"github.com/LMCache/LMBench/tools/engine/openai"
)

// calibration is how the engine counts the words that prompts are made of.
type calibration struct {
	source     string   // tokenize, usage, or none
	overhead   int      // tokens that the API puts around every prompt
	vocabulary []string // words that are one token each, as far as is known
	dropped    int      // words that were not
	perWord    float64  // tokens; 1 unless there were too few words left
	asked      int      // questions it took
	failed     error    // why source is none
}

const (
	fewest       = 64  // words that texts can be made of
	mostTokenize = 400 // questions to a tokenizer
	mostProbes   = 40  // requests that compute a prompt
)

// calibrate has the engine count some texts, by its tokenizer if it offers one,
// else by short requests. These texts have nothing in common with the trace's,
// so that no cache is warmed by them.
func calibrate(ctx context.Context, client *openai.Client, request func(chat.Text) openai.Request, vocabulary []string) calibration {
	probes := []probe{
		{"tokenize", mostTokenize, func(text chat.Text) (int, error) { return client.Tokens(ctx, request(text)) }},
		{"usage", mostProbes, func(text chat.Text) (int, error) {
			reply, err := client.Stream(ctx, request(text))
			if err == nil && reply.Usage.Prompt == 0 {
				err = errors.New("the engine sends no usage")
			}
			return reply.Usage.Prompt, err
		}},
	}
	shuffled := append([]string(nil), vocabulary...)
	rand.New(rand.NewPCG(2, 3)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	var failed error
	for _, p := range probes {
		counter := &counter{probe: p}
		made, err := counter.calibrate(shuffled)
		if err == nil {
			made.source, made.asked = p.source, counter.asked
			return made
		}
		failed = errors.Join(failed, err)
	}
	return calibration{source: "none", vocabulary: vocabulary, perWord: 1, failed: failed}
}

// probe is a way to have a text counted.
type probe struct {
	source string
	limit  int // questions at most
	count  func(chat.Text) (int, error)
}

type counter struct {
	probe
	asked    int
	overhead int
}

// words is how many tokens a text of these words has.
func (c *counter) words(words []string) (int, error) {
	text := make(chat.Text, 0, 2*len(words))
	for _, word := range words {
		text = append(text, " ", word)
	}
	c.asked++
	return c.count(text)
}

// calibrate counts one half of the words, the other, and both together: what
// surrounds the prompt is in the sum of the first two once too often.
func (c *counter) calibrate(words []string) (calibration, error) {
	one, other := words[:len(words)/2], words[len(words)/2:]
	var counts [3]int
	for i, text := range [][]string{one, other, words} {
		n, err := c.words(text)
		if err != nil {
			return calibration{}, err
		}
		counts[i] = n
	}
	c.overhead = max(0, counts[0]+counts[1]-counts[2])
	made := calibration{overhead: c.overhead, vocabulary: words, perWord: 1}
	tokens := counts[2] - c.overhead
	if tokens < len(words) {
		return calibration{}, fmt.Errorf("the engine counts %d tokens for %d words", tokens, len(words))
	}
	if tokens == len(words) {
		return made, nil
	}
	var good []string
	for _, half := range []struct {
		words  []string
		tokens int
	}{{one, counts[0]}, {other, counts[1]}} {
		good = append(good, c.single(half.words, half.tokens-c.overhead)...)
	}
	if len(good) < fewest {
		made.perWord = float64(tokens) / float64(len(words))
		return made, nil
	}
	made.vocabulary, made.dropped = good, len(words)-len(good)
	return made, nil
}

// single are those words that are one token each, found by halving. Where it
// would ask too much, words are given up unseen.
func (c *counter) single(words []string, tokens int) []string {
	if tokens == len(words) {
		return words
	}
	if len(words) == 1 || c.asked >= c.limit {
		return nil
	}
	one, other := words[:len(words)/2], words[len(words)/2:]
	n, err := c.words(one)
	if err != nil {
		return nil
	}
	n -= c.overhead
	good := c.single(one, n)
	return append(append([]string(nil), good...), c.single(other, tokens-n)...)
}

// notes tell what is not as it should be.
func (c *calibration) notes() []string {
	switch {
	case c.failed != nil:
		return []string{fmt.Sprintf("the engine does not tell how it counts tokens, prompts may have a few more than the trace says: %v", c.failed)}
	case c.perWord != 1:
		return []string{fmt.Sprintf("the engine counts %.3f tokens for a word, too many words are not one token: prompts are longer than the trace says", c.perWord)}
	case c.dropped > 0:
		return []string{fmt.Sprintf("%d words are not one token for this engine and were left out", c.dropped)}
	}
	return nil
}

// pairs are what the result says of it.
func (c *calibration) pairs() []string {
	pairs := []string{"CALIBRATION=" + c.source}
	if c.source != "none" {
		pairs = append(pairs, fmt.Sprintf("CALIBRATION_OVERHEAD_TOKENS=%d", c.overhead), fmt.Sprintf("CALIBRATION_WORDS=%d", len(c.vocabulary)),
			fmt.Sprintf("CALIBRATION_TOKENS_PER_WORD=%.4f", c.perWord), fmt.Sprintf("CALIBRATION_QUESTIONS=%d", c.asked))
	}
	return pairs
}
