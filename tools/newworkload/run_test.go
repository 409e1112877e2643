package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/LMCache/LMBench/tools/test/workloadtest"
)

const repository = "../.."

// templateOnly returns a folder with what newworkload reads of the repository.
func templateOnly(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	folder := filepath.Join(root, "3-workloads", template)
	if err := os.CopyFS(folder, os.DirFS(filepath.Join(repository, "3-workloads", template))); err != nil {
		t.Fatal(err)
	}
	spec, err := os.ReadFile(filepath.Join(repository, specOf(spell(template))))
	if err != nil {
		t.Fatal(err)
	}
	for path, content := range map[string]string{
		specOf(spell(template)): string(spec),
		".gitignore":            "/3-workloads/your-workload/your-workload\n/tools/summarize/summarize\n",
		"build.sh":              "#!/bin/sh\ncommands=(3-workloads/your-workload tools/summarize)\n",
		"3-workloads/your-workload/your-workload": "the binary, if it was built",
	} {
		at := filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, []byte(content), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// contents are all files below root.
func contents(t *testing.T, root string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := fs.WalkDir(os.DirFS(root), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			all[path+"/"] = ""
			return nil
		}
		content, err := os.ReadFile(filepath.Join(root, path))
		all[path] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// runCommand runs a whole command line.
func runCommand(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, complaints strings.Builder
	code = status(run(t.Context(), args, &out, &complaints), &complaints)
	return code, out.String(), complaints.String()
}

func TestHelp(t *testing.T) {
	code, stdout, stderr := runCommand(t, "--help")
	if code != 0 || stderr != "" {
		t.Errorf("exit code %d, %s", code, stderr)
	}
	workloadtest.Golden(t, "help.golden", stdout)
}

func TestMakesACopy(t *testing.T) {
	root := templateOnly(t)
	before := contents(t, root)
	code, stdout, stderr := runCommand(t, "--root", root, "rag-load")
	if code != 0 {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	workloadtest.Golden(t, "made.golden", stdout)

	renamed := renamer(spell(template), spell("rag-load"))
	want := map[string]string{}
	for path, content := range before {
		want[path] = content
		if renamed.Replace(path) != path && content != "the binary, if it was built" {
			want[renamed.Replace(path)] = renamed.Replace(content)
		}
	}
	want[".gitignore"] = "/3-workloads/your-workload/your-workload\n/3-workloads/rag-load/rag-load\n/tools/summarize/summarize\n"
	want["build.sh"] = "#!/bin/sh\ncommands=(3-workloads/your-workload 3-workloads/rag-load tools/summarize)\n"
	if diff := cmp.Diff(want, contents(t, root)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for path := range want {
		if text := want[path]; strings.Contains(path, "rag") && (strings.Contains(strings.ToLower(text), "your-workload") || strings.Contains(text, "YourWorkload")) {
			t.Errorf("%s still speaks of the template:\n%s", path, text)
		}
	}
	for _, path := range []string{"3-workloads/rag-load/run_rag_load.sh", "build.sh"} {
		if info, err := os.Stat(filepath.Join(root, path)); err != nil || info.Mode().Perm() != 0o755 {
			t.Errorf("%s: %v, %v; want it executable", path, info.Mode(), err)
		}
	}
}

func TestRefuses(t *testing.T) {
	tests := []struct {
		why  string
		args []string // after --root
		want []string
	}{
		{"no name", nil, []string{`want one NAME after the flags, got ""`}},
		{"two names", []string{"a", "b"}, []string{`want one NAME after the flags, got "a b"`}},
		{"an unknown flag", []string{"--force", "a"}, []string{"force", "--help"}},
		{"capitals: the folder's name becomes a command", []string{"RagLoad"}, []string{`want lower case words with hyphens, such as rag-load, got "RagLoad"`}},
		{"an underscore would collide with the other spelling", []string{"rag_load"}, []string{`got "rag_load"`}},
		{"a path", []string{"../rag"}, []string{`got "../rag"`}},
		{"a digit first is no name in Go", []string{"3d"}, []string{`got "3d"`}},
		{"a hyphen last", []string{"rag-"}, []string{`got "rag-"`}},
		{"nothing", []string{""}, []string{`got ""`}},
		{"the template's own: folder and spec at once", []string{"your-workload"},
			[]string{"3-workloads/your-workload exists already", "0-bench-specs/your-workload-spec.yaml exists already"}},
		{"one of the seven keys", []string{"random"}, []string{"its key in specs would be Random, and run-bench.py has Random already"}},
		{"one of the seven keys but for its capitals", []string{"share-gpt"}, []string{"would be ShareGpt, and run-bench.py has ShareGPT"}},
		{"a function of run-bench.py", []string{"workload"}, []string{"has a function run_workload"}},
		{"a folder that Go does not build", []string{"testdata"}, []string{"to Go a folder named testdata"}},
		{"the key of another workload", []string{"yourw-orkload"}, []string{"its key in specs would be YourwOrkload, as that of 3-workloads/your-workload"}},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			root := templateOnly(t)
			before := contents(t, root)
			code, stdout, stderr := runCommand(t, append([]string{"--root", root}, test.args...)...)
			if code != 2 || stdout != "" {
				t.Errorf("exit code %d, printed %q; want 2 and nothing", code, stdout)
			}
			for _, want := range test.want {
				if !strings.Contains(stderr, want) {
					t.Errorf("no word of %q in\n%s", want, stderr)
				}
			}
			if diff := cmp.Diff(before, contents(t, root)); diff != "" {
				t.Errorf("left (-before +after)\n%s", diff)
			}
		})
	}
}

func TestEveryFaultAtOnce(t *testing.T) {
	code, _, stderr := runCommand(t, "--root", t.TempDir(), "Rag")
	for _, want := range []string{"--root: ", "NAME: want"} {
		if code != 2 || !strings.Contains(stderr, want) {
			t.Errorf("exit code %d, no word of %q in\n%s", code, want, stderr)
		}
	}
}
