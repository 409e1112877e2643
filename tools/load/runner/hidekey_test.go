package runner

import (
	"strings"
	"testing"
)

func TestWithoutKey(t *testing.T) {
	tests := []struct{ why, line, rest, key string }{
		{"no key", "w --model m", "w --model m", ""},
		{"in two words", "w --api-key k --model m", "w --model m", "k"},
		{"in one", "w --model m --api-key=k=", "w --model m", "k="},
		{"with one dash", "w -api-key k", "w", "k"},
		{"after the positional arguments", "w m http://h 1 --api-key k", "w m http://h 1", "k"},
		{"twice: the last counts", "w --api-key a --api-key=b", "w", "b"},
		{"a value that looks like a flag", "w --api-key --model", "w", "--model"},
		{"without a value: reported as a fault later", "w --api-key", "w --api-key", ""},
		{"an empty key stays", "w --api-key= --model m", "w --api-key= --model m", ""},
		{"flags that only begin like it", "w --api-key-file f --api-keys=x ---api-key k api-key", "w --api-key-file f --api-keys=x ---api-key k api-key", ""},
	}
	for _, test := range tests {
		rest, key := withoutKey(strings.Fields(test.line))
		if got := strings.Join(rest, " "); got != test.rest || key != test.key {
			t.Errorf("%s: %q, key %q", test.why, got, key)
		}
	}
}
