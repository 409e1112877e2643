package spec

import (
	"strings"

	"github.com/LMCache/LMBench/tools/redact"
)

// WithoutSecrets returns a copy without secret keys, at any depth, and without the
// value of Kubernetes' {name: HF_TOKEN, value: …}. Numbers and booleans are kept, except
// those of hf_token.
func WithoutSecrets(mapping Map) Map {
	kept := Map{}
	name, _ := mapping.Get("name")
	variable, _ := name.(string)
	for _, entry := range mapping {
		if hidden(entry.Key, entry.Value) || entry.Key == "value" && hidden(variable, entry.Value) {
			continue
		}
		kept = append(kept, Entry{entry.Key, withoutSecrets(entry.Value)})
	}
	return kept
}

func hidden(key string, value any) bool {
	_, text := value.(string)
	return redact.IsSecret(key) && text || strings.EqualFold(key, "hf_token")
}

func withoutSecrets(value any) any {
	switch value := value.(type) {
	case Map:
		return WithoutSecrets(value)
	case []any:
		kept := make([]any, len(value))
		for i, item := range value {
			kept[i] = withoutSecrets(item)
		}
		return kept
	}
	return value
}
