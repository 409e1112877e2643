// Package layers keeps the import diagram true. It holds only a test.
package layers

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/LMCache/LMBench/"

// floors are the packages from the bottom up. A package imports only from
// floors below its own. "/..." stands for every folder below.
var floors = [][]string{
	0: {"tools/chat", "tools/counters", "tools/drawing", "tools/fingerprint", "tools/gamma", "tools/hub", "tools/internal/pipe", "tools/internal/sse", "tools/prompt", "tools/record", "tools/schedule", "tools/spec", "tools/template"},
	1: {"tools/eventlog", "tools/metrics", "tools/metronome", "tools/numpy", "tools/openai", "tools/sharegpt", "tools/tokens", "tools/trace"},
	2: {"tools/calibrate", "tools/dataset", "tools/live", "tools/session", "tools/simengine", "tools/suite", "tools/verdict"},
	3: {"tools/result"},
	4: {"tools/workload"},
	5: {"tools/workloadtest"},
	6: {"3-workloads/...", "tools/bench", "tools/compare", "tools/events", "tools/newworkload", "tools/parquet", "tools/report", "tools/simserver", "tools/summarize", "tools/traces"},
}

// homes are the packages that may import a third-party module, and only they.
var homes = map[string][]string{
	"github.com/go-resty/resty/v2":        {"tools/openai"},
	"github.com/gocarina/gocsv":           {"tools/record"},
	"github.com/google/renameio/v2":       {"tools/result"},
	"github.com/prometheus/client_golang": {"tools/simengine"},
	"github.com/urfave/cli/v2":            {"tools/workload", "tools/bench", "tools/events", "tools/newworkload", "tools/report", "tools/compare", "tools/simserver", "tools/summarize", "tools/traces", "3-workloads/sharegpt/data_generation"},
	"github.com/dlclark/regexp2":          {"tools/tokens"},
	"github.com/parquet-go/parquet-go":    {"tools/events", "tools/parquet"},
	"github.com/nikolalohinski/gonja/v2":  {"tools/template"},
	"github.com/rivo/uniseg":              {"tools/tokens"},
	"golang.org/x/image":                  {"tools/drawing"},
	"golang.org/x/text":                   {"tools/tokens"},
	"golang.org/x/sys":                    {"tools/schedule", "tools/bench"},
	"modernc.org/libc":                    {"tools/numpy"},
	"golang.org/x/term":                   {"tools/workload"},
	"gopkg.in/yaml.v3":                    {"tools/spec"},
	"github.com/google/go-cmp":            {"tests"},
}

// inTestsOnly are packages that no binary may hold.
var inTestsOnly = map[string]string{
	"tools/workloadtest":  "it runs commands against a simulated engine, for tests",
	"tools/internal/pipe": "a network in memory, for tests in virtual time",
}

func TestImportsGoDown(t *testing.T) {
	eachImport(t, func(file, from, imported string) {
		to, ours := strings.CutPrefix(imported, module)
		if !ours {
			return
		}
		test := forTests(file, from)
		if why, only := inTestsOnly[to]; only && !test {
			t.Errorf("%s imports %s, which is for tests: %s", file, to, why)
		}
		if strings.HasSuffix(file, "_test.go") {
			return // a test may use what stands above its package
		}
		if floor(t, to) >= floor(t, from) {
			t.Errorf("%s: %s (floor %d) imports %s (floor %d)", file, from, floor(t, from), to, floor(t, to))
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
			for _, home := range allowed {
				if from == home || home == "tests" && forTests(file, from) {
					return
				}
			}
			t.Errorf("%s imports %s, whose home is %s", file, thirdParty, strings.Join(allowed, ", "))
			return
		}
		t.Errorf("%s imports %s, which has no home", file, imported)
	})
}

// forTests tells whether a file is in no binary.
func forTests(file, from string) bool {
	_, only := inTestsOnly[from]
	return only || strings.HasSuffix(file, "_test.go")
}

// floor is the number of a package's floor. A package without one is a fault.
func floor(t *testing.T, pkg string) int {
	for n, packages := range floors {
		for _, name := range packages {
			if below, all := strings.CutSuffix(name, "/..."); name == pkg || all && strings.HasPrefix(pkg, below+"/") {
				return n
			}
		}
	}
	t.Errorf("%s stands on no floor", pkg)
	return 0
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
