// Package spec reads what a result records of run-bench.yaml and of a benchmark's spec file.
//
// Both files are read as PyYAML reads them, because run-bench.py does: otherwise a result
// would not describe the deployment that it measured.
package spec

import (
	"errors"
	"fmt"
	"os"
)

// Read reads a file that holds one mapping.
func Read(path string) (Map, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	mapping, err := Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return mapping, nil
}

// Name returns the suite's name, or nil if the spec has none. run-bench.py accepts any
// scalar.
func Name(spec Map) any {
	name, _ := spec.Get("Name")
	return name
}

// Infrastructure returns the mapping 1-infrastructure of run-bench.yaml without secrets. With
// an error the mapping is empty.
func Infrastructure(bench Map) (Map, error) {
	const key = "1-infrastructure"
	value, there := bench.Get(key)
	if !there {
		return Map{}, fmt.Errorf("no key %q", key)
	}
	mapping, ok := value.(Map)
	if !ok {
		return Map{}, fmt.Errorf("%s: not a mapping", key)
	}
	return WithoutSecrets(mapping), nil
}

// Serving returns baseline_type and config, without secrets, of the entry of Serving with
// that index. With an error the mapping is empty.
func Serving(spec Map, index int) (Map, error) {
	value, _ := spec.Get("Serving")
	list, ok := value.([]any)
	if !ok {
		return Map{}, errors.New("Serving: not a list")
	}
	if index < 0 || index >= len(list) {
		return Map{}, fmt.Errorf("Serving: no entry %d in a list of %d", index, len(list))
	}
	entry, ok := list[index].(Map)
	if !ok || len(entry) == 0 {
		return Map{}, fmt.Errorf("Serving: entry %d is not a mapping of a baseline", index)
	}
	baseline := entry[0]
	config, ok := baseline.Value.(Map)
	if !ok {
		return Map{}, fmt.Errorf("Serving: entry %d: %s is not a mapping", index, baseline.Key)
	}
	return Map{{"baseline_type", baseline.Key}, {"config", WithoutSecrets(config)}}, nil
}
