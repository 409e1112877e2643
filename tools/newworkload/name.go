package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// name is a workload's, in the three spellings it needs.
type name struct {
	folder string // rag-load: its folder and its binary
	word   string // rag_load: in Python, in its script's name, in names of results
	key    string // RagLoad: in specs
}

func spell(folder string) name {
	n := name{folder: folder, word: strings.ReplaceAll(folder, "-", "_")}
	for part := range strings.SplitSeq(folder, "-") {
		if part != "" {
			n.key += strings.ToUpper(part[:1]) + part[1:]
		}
	}
	return n
}

// renamer turns texts about one workload into texts about another.
func renamer(from, to name) *strings.Replacer {
	return strings.NewReplacer(from.folder, to.folder, from.word, to.word, from.key, to.key)
}

// check finds all reasons why no workload below root can get this name; without
// a root, those that need none.
func (n name) check(root string) error {
	if !regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`).MatchString(n.folder) {
		return fmt.Errorf("NAME: want lower case words with hyphens, such as rag-load, got %q", n.folder)
	}
	if root == "" {
		return n.reserved()
	}
	return errors.Join(n.reserved(), n.taken(root))
}

// reserved are the names that Go and run-bench.py keep for themselves.
func (n name) reserved() error {
	switch n.folder {
	case "internal", "testdata", "vendor":
		return fmt.Errorf("NAME: to Go a folder named %s is no package like others", n.folder)
	case "cartesian-product", "multiple-specs", "suite-visualization", "workload":
		return fmt.Errorf("NAME: run-bench.py has a function run_%s already", n.word)
	}
	for _, key := range []string{"ShareGPT", "LMCacheSynthetic", "Agentic", "TraceReplayer", "Random", "VLLMBenchmark", "StrictSynthetic"} {
		if strings.EqualFold(n.key, key) {
			return fmt.Errorf("NAME: its key in specs would be %s, and run-bench.py has %s already", n.key, key)
		}
	}
	return nil
}

// taken are the files that exist already, and the other workloads with the same
// key: a-1 and a1.
func (n name) taken(root string) error {
	var faults []error
	for _, place := range []string{"3-workloads/" + n.folder, specOf(n)} {
		if _, err := os.Lstat(filepath.Join(root, place)); err == nil {
			faults = append(faults, fmt.Errorf("NAME: %s exists already", place))
		}
	}
	folders, err := os.ReadDir(filepath.Join(root, "3-workloads"))
	if err != nil {
		return err
	}
	for _, entry := range folders {
		if other := spell(entry.Name()); other.folder != n.folder && strings.EqualFold(other.key, n.key) {
			faults = append(faults, fmt.Errorf("NAME: its key in specs would be %s, as that of 3-workloads/%s", n.key, other.folder))
		}
	}
	return errors.Join(faults...)
}
