package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// name is the name of a workload in its three spellings.
type name struct {
	folder string // rag-load: its folder and its binary
	word   string // rag_load: in Python, in the script's name, in names of results
	key    string // RagLoad: in specs
}

// spell returns the spellings of the name of a folder.
func spell(folder string) name {
	n := name{folder: folder, word: strings.ReplaceAll(folder, "-", "_")}
	for part := range strings.SplitSeq(folder, "-") {
		if part != "" {
			n.key += strings.ToUpper(part[:1]) + part[1:]
		}
	}
	return n
}

// renamer returns a replacer of one name by another, in all spellings.
func renamer(from, to name) *strings.Replacer {
	return strings.NewReplacer(from.folder, to.folder, from.word, to.word, from.key, to.key)
}

// check returns all reasons why a workload below root cannot get this name. Without a
// root, it does not look for files.
func (n name) check(root string) error {
	if !regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`).MatchString(n.folder) {
		return fmt.Errorf("NAME: want lower-case words with hyphens, such as rag-load, got %q", n.folder)
	}
	if root == "" {
		return n.reserved()
	}
	return errors.Join(n.reserved(), n.taken(root))
}

// reserved returns an error for names that Go or run-bench.py reserve.
func (n name) reserved() error {
	switch n.folder {
	case "internal", "testdata", "vendor":
		return fmt.Errorf("NAME: Go treats folders named %s specially", n.folder)
	case "cartesian-product", "multiple-specs", "suite-visualization", "workload":
		return fmt.Errorf("NAME: run-bench.py already has a function run_%s", n.word)
	}
	for _, key := range []string{"ShareGPT", "LMCacheSynthetic", "Agentic", "TraceReplayer", "Random", "VLLMBenchmark", "StrictSynthetic"} {
		if strings.EqualFold(n.key, key) {
			return fmt.Errorf("NAME: its key in specs would be %s, but run-bench.py already has %s", n.key, key)
		}
	}
	return nil
}

// taken returns an error for each file that exists, and for each workload with the same
// key, as a-1 and a1 have.
func (n name) taken(root string) error {
	var errs []error
	for _, place := range []string{"3-workloads/" + n.folder, specOf(n)} {
		if _, err := os.Lstat(filepath.Join(root, place)); err == nil {
			errs = append(errs, fmt.Errorf("NAME: %s already exists", place))
		}
	}
	folders, err := os.ReadDir(filepath.Join(root, "3-workloads"))
	if err != nil {
		return err
	}
	for _, entry := range folders {
		if other := spell(entry.Name()); other.folder != n.folder && strings.EqualFold(other.key, n.key) {
			errs = append(errs, fmt.Errorf("NAME: its key in specs would be %s, which is the key of 3-workloads/%s", n.key, other.folder))
		}
	}
	return errors.Join(errs...)
}
