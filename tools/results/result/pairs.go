package result

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/LMCache/LMBench/tools/data/pyjson"
	"github.com/LMCache/LMBench/tools/redact"
	"github.com/LMCache/LMBench/tools/results/runfile"
	"github.com/LMCache/LMBench/tools/results/spec"
)

// pairs holds the KEY=VALUE arguments. A key given twice has its first position and its
// last value.
type pairs struct{ spec.Map }

// parsePairs splits arguments at the first =. Others are ignored with a warning.
func parsePairs(arguments []string) (p pairs, warnings []string) {
	for _, argument := range arguments {
		key, value, ok := strings.Cut(argument, "=")
		if !ok || strings.HasPrefix(argument, "-") {
			warnings = append(warnings, fmt.Sprintf("ignoring %q, which is not KEY=VALUE", argument))
			continue
		}
		p.Set(key, literal(value))
	}
	return p, warnings
}

// add adds a pair unless there is one of its key.
func (p *pairs) add(key string, value any) {
	if _, there := p.Get(key); !there {
		p.Set(key, value)
	}
}

// value returns nil for None and for a missing key.
func (p pairs) value(key string) any {
	value, _ := p.Get(key)
	return value
}

// text returns a value as Python prints it, for file names.
func (p pairs) text(key string) string { return text(p.given(key)) }

// given returns a value, or "unknown" as LMBench does.
func (p pairs) given(key string) any {
	if value, there := p.Get(key); there {
		return value
	}
	return "unknown"
}

func text(value any) string {
	switch value := value.(type) {
	case nil:
		return "None"
	case bool:
		if value {
			return "True"
		}
		return "False"
	case float64:
		return pyjson.Float(value)
	case []any:
		parts := make([]string, len(value))
		for i, item := range value {
			parts[i] = text(item)
			if word, ok := item.(string); ok {
				parts[i] = inQuotes(word)
			}
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	return fmt.Sprint(value)
}

// inQuotes returns a string as Python prints it inside a list.
func inQuotes(word string) string {
	if strings.Contains(word, "'") {
		return `"` + word + `"`
	}
	return "'" + word + "'"
}

// number returns a value as a float, or NaN if it is not a number. The text of a number
// counts, since 05 is text.
func (p pairs) number(key string) float64 {
	if digits, ok := p.value(key).(string); ok {
		if v, err := strconv.ParseFloat(digits, 64); err == nil && !math.IsInf(v, 0) {
			return v
		}
	}
	return number(p.value(key))
}

// number returns NaN for a value that is not a number.
func number(value any) float64 {
	switch value := value.(type) {
	case int64:
		return float64(value)
	case float64:
		return value
	case *big.Int:
		v, _ := value.Float64()
		return v
	}
	return math.NaN()
}

// upload returns API_URL if AUTO_UPLOAD is true, 1 or yes. (LMBench uploads for any text,
// also for "false".)
func (p pairs) upload() string {
	if !slices.Contains([]string{"true", "1", "yes"}, strings.ToLower(p.text("AUTO_UPLOAD"))) {
		return ""
	}
	if address, there := p.Get("API_URL"); there {
		return text(address)
	}
	return "http://localhost:3001/upload"
}

// stored returns the block workload.
func (p pairs) stored() (workload spec.Map, warnings []string) {
	elsewhere := []string{"NAME", "KEY", "SERVING_INDEX", "SPEC_FILE_PATH", "LMBENCH_SESSION_ID"}
	workload = spec.Map{}
	for _, pair := range p.Map {
		switch {
		case slices.Contains(elsewhere, pair.Key), strings.HasPrefix(pair.Key, fidelityPrefix), strings.HasPrefix(pair.Key, runfile.FactPrefix):
		case redact.IsSecret(pair.Key):
			warnings = append(warnings, pair.Key+" looks like a secret and is not stored")
		default:
			workload.Set(pair.Key, shown(pair.Value))
		}
	}
	return workload, warnings
}

func shown(value any) any {
	if word, ok := value.(string); ok {
		return redact.URLs(word)
	}
	return value
}
