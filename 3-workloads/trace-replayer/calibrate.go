package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/LMCache/LMBench/tools/data/chat"
	"github.com/LMCache/LMBench/tools/engine/openai"
)

// A calibration is how the engine tokenizes the words of prompts.
type calibration struct {
	source     string   // tokenize, usage, or none
	overhead   int      // tokens that the API adds to every prompt
	vocabulary []string // words believed to be one token each
	dropped    int      // words that are not
	perWord    float64  // tokens per word; 1 unless too few words are one token
	queries    int      // texts that the engine counted
	failed     error    // why calibration failed; nil: it succeeded or was not tried
}

const (
	minVocabulary = 64  // words
	maxTokenize   = 400 // requests to /tokenize
	maxUsage      = 40  // requests that compute a prompt
)

// calibrate lets the engine count the tokens of some texts: by /tokenize or, if it
// has no such endpoint, by the usage of short requests. The texts share no prefix
// with the trace's, so that they do not warm the cache for it.
func calibrate(ctx context.Context, client *openai.Client, request func(chat.Text) openai.Request, vocabulary []string) calibration {
	probes := []probe{
		{"tokenize", maxTokenize, func(text chat.Text) (int, error) { return client.Tokens(ctx, request(text)) }},
		{"usage", maxUsage, func(text chat.Text) (int, error) {
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
		result, err := counter.calibrate(shuffled)
		if err == nil {
			result.source, result.queries = p.source, counter.queries
			return result
		}
		failed = errors.Join(failed, err)
	}
	return calibration{source: "none", vocabulary: vocabulary, perWord: 1, failed: failed}
}

// A probe is a way to count the tokens of a text.
type probe struct {
	source string
	limit  int // of queries
	count  func(chat.Text) (int, error)
}

// A counter counts texts by a probe.
type counter struct {
	probe
	queries  int
	overhead int
}

// countWords returns the number of tokens of a text of these words.
func (c *counter) countWords(words []string) (int, error) {
	text := make(chat.Text, 0, 2*len(words))
	for _, word := range words {
		text = append(text, " ", word)
	}
	c.queries++
	return c.count(text)
}

// calibrate counts each half of the words and both together. The sum of the halves
// contains the API's overhead twice, which gives the overhead.
func (c *counter) calibrate(words []string) (calibration, error) {
	one, other := words[:len(words)/2], words[len(words)/2:]
	var counts [3]int
	for i, text := range [][]string{one, other, words} {
		n, err := c.countWords(text)
		if err != nil {
			return calibration{}, err
		}
		counts[i] = n
	}
	c.overhead = max(0, counts[0]+counts[1]-counts[2])
	result := calibration{overhead: c.overhead, vocabulary: words, perWord: 1}
	tokens := counts[2] - c.overhead
	if tokens < len(words) {
		return calibration{}, fmt.Errorf("the engine counts %d tokens for %d words", tokens, len(words))
	}
	if tokens == len(words) {
		return result, nil
	}
	var good []string
	for _, half := range []struct {
		words  []string
		tokens int
	}{{one, counts[0]}, {other, counts[1]}} {
		good = append(good, c.singleTokens(half.words, half.tokens-c.overhead)...)
	}
	if len(good) < minVocabulary {
		result.perWord = float64(tokens) / float64(len(words))
		return result, nil
	}
	result.vocabulary, result.dropped = good, len(words)-len(good)
	return result, nil
}

// singleTokens returns the words that are one token each. It bisects the list, and
// drops the words that it cannot examine within the limit.
func (c *counter) singleTokens(words []string, tokens int) []string {
	if tokens == len(words) {
		return words
	}
	if len(words) == 1 || c.queries >= c.limit {
		return nil
	}
	one, other := words[:len(words)/2], words[len(words)/2:]
	n, err := c.countWords(one)
	if err != nil {
		return nil
	}
	n -= c.overhead
	good := c.singleTokens(one, n)
	return append(append([]string(nil), good...), c.singleTokens(other, tokens-n)...)
}

// notes returns warnings.
func (c *calibration) notes() []string {
	switch {
	case c.failed != nil:
		return []string{fmt.Sprintf("token counts are not calibrated, prompts may be a few tokens longer than in the trace: %v", c.failed)}
	case c.perWord != 1:
		return []string{fmt.Sprintf("prompts are longer than in the trace: the engine counts %.3f tokens per word, and too few words are a single token", c.perWord)}
	case c.dropped > 0:
		return []string{fmt.Sprintf("%d words are not used because they are not a single token for this engine", c.dropped)}
	}
	return nil
}

// pairs returns what the result records.
func (c *calibration) pairs() []string {
	pairs := []string{"CALIBRATION=" + c.source}
	if c.source != "none" {
		pairs = append(pairs, fmt.Sprintf("CALIBRATION_OVERHEAD_TOKENS=%d", c.overhead), fmt.Sprintf("CALIBRATION_WORDS=%d", len(c.vocabulary)),
			fmt.Sprintf("CALIBRATION_TOKENS_PER_WORD=%.4f", c.perWord), fmt.Sprintf("CALIBRATION_QUESTIONS=%d", c.queries))
	}
	return pairs
}
