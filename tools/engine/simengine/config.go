package simengine

import (
	"cmp"
	"errors"
	"fmt"
	"time"
)

// Values that a zero field of Config stands for.
const (
	DefaultMaxBatch    = 256    // requests
	DefaultBlockSize   = 16     // tokens
	DefaultMaxModelLen = 131072 // tokens
	DefaultChatTokens  = 256    // tokens
)

// A Config describes the behavior of a simulated engine. The zero Config
// describes an engine that answers at once, caches nothing and never fails.
type Config struct {
	// Models are the names of the served models. If empty, any name is accepted.
	Models []string
	// MaxModelLen limits the sum of prompt and answer, in tokens; 0 means
	// DefaultMaxModelLen.
	MaxModelLen int
	// ChatTokens is the length of a chat answer whose request sets no limit, in
	// tokens; 0 means DefaultChatTokens.
	ChatTokens int
	// StopAfter ends every answer after this many tokens with finish_reason
	// "stop", as if the model had emitted its end-of-sequence token; 0 means
	// that answers run to their limit, as they do for requests with
	// ignore_eos in any case.
	StopAfter int

	// BaseTTFT is the time from the start of a request to its first token if the
	// prompt costs nothing.
	BaseTTFT time.Duration
	// PrefillPer1k is added to BaseTTFT for each 1000 prompt tokens that are not
	// in the prefix cache. It is applied in proportion.
	PrefillPer1k time.Duration
	// ITL is the time between two tokens of an answer. It does not depend on the
	// number of running requests.
	ITL time.Duration
	// MaxBatch is the number of requests that run at once; others queue in order
	// of arrival. 0 means DefaultMaxBatch.
	MaxBatch int
	// Jitter varies each delay by up to this fraction, from 0 to 1: a delay takes
	// between 1-Jitter and 1+Jitter of its nominal length.
	Jitter float64
	// Seed determines the jitter: request k of every engine with the same seed
	// has the same delays.
	Seed uint64

	// BlockSize is the size of a block of the prefix cache, in tokens; 0 means
	// DefaultBlockSize.
	BlockSize int
	// CacheBlocks is the capacity of the prefix cache, in blocks; 0 disables it.
	CacheBlocks int

	// Faults selects the requests that go wrong.
	Faults
}

// withDefaults returns the configuration with the defaults filled in.
func (c Config) withDefaults() Config {
	c.MaxBatch = cmp.Or(c.MaxBatch, DefaultMaxBatch)
	c.BlockSize = cmp.Or(c.BlockSize, DefaultBlockSize)
	c.MaxModelLen = cmp.Or(c.MaxModelLen, DefaultMaxModelLen)
	c.ChatTokens = cmp.Or(c.ChatTokens, DefaultChatTokens)
	return c
}

// check reports all mistakes, each under the name of the simserver flag that
// sets the field.
func (c Config) check() error {
	var problems []error
	report := func(format string, arguments ...any) {
		problems = append(problems, fmt.Errorf(format, arguments...))
	}
	for _, name := range c.Models {
		if name == "" {
			report("--model: the name is empty")
		}
	}
	for _, field := range []struct {
		flag  string
		value time.Duration
	}{
		{"--base-ttft", c.BaseTTFT},
		{"--prefill-per-1k", c.PrefillPer1k},
		{"--itl", c.ITL},
	} {
		if field.value < 0 {
			report("%s: %v is negative", field.flag, field.value)
		}
	}
	if !(c.Jitter >= 0 && c.Jitter <= 1) { // NaN included
		report("--jitter: %v is not between 0 and 1", c.Jitter)
	}
	type count struct {
		flag  string
		value int
	}
	counts := []count{
		{"--max-model-len", c.MaxModelLen},
		{"--chat-tokens", c.ChatTokens},
		{"--stop-after", c.StopAfter},
		{"--max-batch", c.MaxBatch},
		{"--block-size", c.BlockSize},
		{"--cache-blocks", c.CacheBlocks},
	}
	for _, fault := range c.Faults.all() {
		counts = append(counts, count{fault.flag, fault.every})
	}
	for _, field := range counts {
		if field.value < 0 {
			report("%s: %d is negative", field.flag, field.value)
		}
	}
	return errors.Join(problems...)
}
