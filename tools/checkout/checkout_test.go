package checkout

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRoot(t *testing.T) {
	folder := t.TempDir()
	t.Setenv(Variable, folder)
	if root, err := Root(); err != nil || root != folder {
		t.Errorf("%s=%s: Root() = %q, %v", Variable, folder, root, err)
	}
	t.Chdir(folder)
	t.Setenv(Variable, "sub")
	if root, err := Root(); err != nil || root != filepath.Join(folder, "sub") {
		t.Errorf("a relative %s: Root() = %q, %v, want an absolute path", Variable, root, err)
	}
	t.Setenv(Variable, "")
	if root, err := Root(); err == nil || !strings.Contains(err.Error(), Variable) {
		t.Errorf("a program outside every checkout: Root() = %q, %v, want an error that names %s", root, err, Variable)
	}
}

func TestAbove(t *testing.T) {
	folder := t.TempDir()
	below := filepath.Join(folder, "root", "a", "b")
	for _, dir := range []string{below, filepath.Join(folder, "root", "wanted")} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(below, "wanted"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		why, dir, name, root string
	}{
		{"two folders up, past a file of that name", below, "wanted", filepath.Join(folder, "root")},
		{"the folder itself", filepath.Join(folder, "root"), "wanted", filepath.Join(folder, "root")},
		{"above what holds it", folder, "wanted", ""},
		{"no folder has that name", below, "unheard of", ""},
	} {
		root, found := Above(test.dir, test.name)
		if root != test.root || found != (test.root != "") {
			t.Errorf("%s: Above(%q, %q) = %q, %t, want %q", test.why, test.dir, test.name, root, found, test.root)
		}
	}
}

func TestResults(t *testing.T) {
	folder := t.TempDir()
	if got, want := Results(folder), filepath.Join(folder, "4-latest-results"); got != want {
		t.Errorf("no folder has results: Results = %q, want %q", got, want)
	}
	below := filepath.Join(folder, "3-workloads", "synthetic")
	for _, dir := range []string{below, filepath.Join(folder, "4-latest-results")} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := Results(below), filepath.Join(folder, "4-latest-results"); got != want {
		t.Errorf("from a workload's folder: Results = %q, want %q", got, want)
	}
}
