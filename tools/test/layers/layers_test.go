// Package layers keeps the import diagram true. It holds only a test.
package layers

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/LMCache/LMBench/"

// wings are the groups of packages in the direction that data flows. A package
// imports from its own wing and from those before it. Commands, which come last,
// import no other command.
var wings = []string{"tools/data", "tools/engine", "tools/results", "tools/load"}

// foundations are packages without a wing. They import nothing of ours.
var foundations = map[string]string{
	"tools/checkout": "every wing may look for the checkout's root",
	"tools/command":  "workloads and tools are commands of the same form",
	"tools/redact":   "every wing may show text that could hold a secret",
}

// homes are the packages that may import a third-party module. "commands" stands for
// every package outside wings and foundations, "tests" for all tests.
var homes = map[string][]string{
	"github.com/go-resty/resty/v2":        {"tools/engine/openai", "tools/data/hub", "tools/summarize"},
	"github.com/gocarina/gocsv":           {"tools/results/record", "tools/results/result", "tools/data/trace", "tools/data/dataset", "3-workloads/vllm-benchmark-serving"},
	"github.com/google/renameio/v2":       {"anywhere"},
	"github.com/prometheus/client_golang": {"tools/engine/simengine"},
	"github.com/urfave/cli/v2":            {"commands", "tools/command", "tools/load/params"},
	"github.com/dlclark/regexp2":          {"tools/data/tokenizer"},
	"github.com/parquet-go/parquet-go":    {"tools/events"},
	"github.com/nikolalohinski/gonja/v2":  {"tools/data/chattemplate"},
	"github.com/ncruces/go-strftime":      {"tools/data/chattemplate"},
	"github.com/rivo/uniseg":              {"tools/data/tokenizer", "tools/results/live"},
	"golang.org/x/image":                  {"tools/results/drawing"},
	"golang.org/x/text":                   {"tools/data/tokenizer"},
	"golang.org/x/sys":                    {"tools/load/schedule", "tools/bench"},
	"modernc.org/libc":                    {"tools/data/pyrand"},
	"golang.org/x/term":                   {"tools/load/runner"},
	"gopkg.in/yaml.v3":                    {"tools/results/spec"},
	"github.com/google/go-cmp":            {"tests"},
}

// inTestsOnly are packages that no binary may hold.
var inTestsOnly = map[string]string{
	"tools/test/workloadtest": "it runs commands against a simulated engine, for tests",
	"tools/test/pipe":         "a network in memory, for tests in virtual time",
}

func TestDataFlowsOneWay(t *testing.T) {
	eachImport(t, func(file, from, imported string) {
		to, ours := strings.CutPrefix(imported, module)
		if !ours {
			return
		}
		test := forTests(file, from)
		if why, only := inTestsOnly[to]; only && !test {
			t.Errorf("%s imports %s, which is for tests: %s", file, to, why)
		}
		if test {
			return // a test may use what comes after its package
		}
		if _, found := foundations[from]; found {
			t.Errorf("%s: the foundation %s imports %s", file, from, to)
		}
		if _, found := foundations[to]; found {
			return
		}
		switch source, target := wing(from), wing(to); {
		case target == len(wings):
			t.Errorf("%s: %s imports the command %s", file, from, to)
		case target > source:
			t.Errorf("%s: %s imports %s, against the flow %s", file, from, to, strings.Join(wings, " -> "))
		}
	})
}

func TestThirdPartyModulesHaveOneHome(t *testing.T) {
	eachImport(t, func(file, from, imported string) {
		if strings.HasPrefix(imported, module) || !strings.Contains(strings.Split(imported, "/")[0], ".") {
			return
		}
		for thirdParty, allowed := range homes {
			if imported != thirdParty && !strings.HasPrefix(imported, thirdParty+"/") {
				continue
			}
			if slices.ContainsFunc(allowed, func(home string) bool { return lives(home, file, from) }) {
				return
			}
			t.Errorf("%s imports %s, whose home is %s", file, thirdParty, strings.Join(allowed, ", "))
			return
		}
		t.Errorf("%s imports %s, which has no home", file, imported)
	})
}

// lives reports whether a file of a package belongs to a home.
func lives(home, file, from string) bool {
	switch home {
	case "anywhere":
		return true
	case "commands":
		_, foundation := foundations[from]
		return wing(from) == len(wings) && !foundation
	case "tests":
		return forTests(file, from)
	}
	return from == home
}

// forTests reports whether a file is part of no binary.
func forTests(file, from string) bool {
	_, only := inTestsOnly[from]
	return only || strings.HasSuffix(file, "_test.go")
}

// wing returns the index of a package's wing, or len(wings) for a command.
func wing(pkg string) int {
	for i, folder := range wings {
		if strings.HasPrefix(pkg, folder+"/") {
			return i
		}
	}
	return len(wings)
}

// eachImport calls do for every import of every Go file of the module.
func eachImport(t *testing.T, do func(file, from, imported string)) {
	const root = "../../.."
	seen := 0
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(name, ".go") {
			return err
		}
		file, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		file = filepath.ToSlash(file)
		syntax, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range syntax.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			seen++
			do(file, path.Dir(file), imported)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen == 0 {
		t.Fatal("no import found: is the test in its place?")
	}
}
