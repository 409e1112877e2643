package simengine

import (
	"errors"
	"fmt"
	"time"
)

// What a zero field of Config stands for.
const (
	DefaultMaxBatch    = 256
	DefaultBlockSize   = 16
	DefaultMaxModelLen = 131072
	DefaultChatTokens  = 256
)

// Config is how a simulated engine behaves. Its zero value is an engine that
// answers at once, caches nothing and never fails.
type Config struct {
	// Models are the names it serves; with none it accepts any name.
	Models []string
	// MaxModelLen is the most tokens prompt and answer may have together;
	// 0 means DefaultMaxModelLen.
	MaxModelLen int
	// ChatTokens is how long a chat answer is when the request gives no limit,
	// in tokens; 0 means DefaultChatTokens.
	ChatTokens int
	// StopAfter ends an answer by itself after that many tokens, as if the
	// model had said all it had to say; 0 means every answer runs to its limit.
	StopAfter int

	// BaseTTFT is the time from the start of a request to its first token
	// when its prompt costs nothing.
	BaseTTFT time.Duration
	// PrefillPer1k is added to BaseTTFT per 1000 prompt tokens which are not
	// in the prefix cache.
	PrefillPer1k time.Duration
	// ITL is the time between two tokens of an answer. It does not depend on
	// how many requests run.
	ITL time.Duration
	// MaxBatch is how many requests run at once, the others wait in order of
	// arrival; 0 means DefaultMaxBatch.
	MaxBatch int
	// Jitter is a fraction from 0 to 1: every wait is between 1-Jitter and
	// 1+Jitter of its nominal length.
	Jitter float64
	// Seed fixes the jitter: the k-th request of every engine with this seed
	// waits alike.
	Seed uint64

	// BlockSize is the tokens per block of the prefix cache; 0 means
	// DefaultBlockSize.
	BlockSize int
	// CacheBlocks is how many blocks the prefix cache keeps; 0 means no cache.
	CacheBlocks int

	// Faults makes requests go wrong.
	Faults
}

// withDefaults replaces zero fields which stand for something else.
func (c Config) withDefaults() Config {
	for _, field := range []struct {
		value     *int
		otherwise int
	}{
		{&c.MaxBatch, DefaultMaxBatch},
		{&c.BlockSize, DefaultBlockSize},
		{&c.MaxModelLen, DefaultMaxModelLen},
		{&c.ChatTokens, DefaultChatTokens},
	} {
		if *field.value == 0 {
			*field.value = field.otherwise
		}
	}
	return c
}

// check reports everything that is wrong, each fault under the name of the
// simserver flag which sets the field.
func (c Config) check() error {
	var problems []error
	for _, name := range c.Models {
		if name == "" {
			problems = append(problems, errors.New("--model: the name is empty"))
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
			problems = append(problems, fmt.Errorf("%s: %v is negative", field.flag, field.value))
		}
	}
	// Written so that NaN is refused as well.
	if !(c.Jitter >= 0 && c.Jitter <= 1) {
		problems = append(problems, fmt.Errorf("--jitter: %v is not between 0 and 1", c.Jitter))
	}
	for _, field := range []struct {
		flag  string
		value int
	}{
		{"--max-model-len", c.MaxModelLen},
		{"--chat-tokens", c.ChatTokens},
		{"--stop-after", c.StopAfter},
		{"--max-batch", c.MaxBatch},
		{"--block-size", c.BlockSize},
		{"--cache-blocks", c.CacheBlocks},
		{"--fail-every", c.FailEvery},
		{"--hang-every", c.HangEvery},
		{"--error-event-every", c.ErrorEventEvery},
		{"--cut-every", c.CutEvery},
		{"--no-usage-every", c.NoUsageEvery},
	} {
		if field.value < 0 {
			problems = append(problems, fmt.Errorf("%s: %d is negative", field.flag, field.value))
		}
	}
	return errors.Join(problems...)
}
