// Package checkout finds the root of an LMBench checkout, which scripts, data sets
// and results are relative to.
package checkout

import (
	"fmt"
	"os"
	"path/filepath"
)

// Variable is the environment variable that names the root.
const Variable = "LMBENCH_ROOT"

const (
	workloads = "3-workloads"      // in every checkout and every archive
	results   = "4-latest-results" // in every checkout that has run something
)

// Root returns the absolute path of the root: the folder that LMBENCH_ROOT names, or
// the first folder above the running program that holds 3-workloads.
func Root() (string, error) {
	if root := os.Getenv(Variable); root != "" {
		return filepath.Abs(root)
	}
	program, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("%w: set %s to the root of the LMBench checkout", err, Variable)
	}
	root, found := Above(filepath.Dir(program), workloads)
	if !found {
		return "", fmt.Errorf("no folder above %s holds %s: set %s to the root of the LMBench checkout", program, workloads, Variable)
	}
	return root, nil
}

// Results returns the folder with the results of all suites, as seen from dir: the
// first 4-latest-results beside or above dir, or the one that dir would get.
func Results(dir string) string {
	if root, found := Above(dir, results); found {
		dir = root
	}
	return filepath.Join(dir, results)
}

// Above returns the absolute path of the first folder, dir or one above it, that
// holds a folder with the given name, and reports whether there is one.
func Above(dir, name string) (root string, found bool) {
	at, err := filepath.Abs(dir)
	if err != nil {
		return "", false
	}
	for {
		if info, err := os.Stat(filepath.Join(at, name)); err == nil && info.IsDir() {
			return at, true
		}
		parent := filepath.Dir(at)
		if parent == at {
			return "", false
		}
		at = parent
	}
}
