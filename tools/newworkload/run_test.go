package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/LMCache/LMBench/tools/command"
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
		specOf(spell(template)):                   string(spec),
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

// contents returns all files below root.
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
	var out, errs strings.Builder
	err := run(t.Context(), args, command.Streams{Out: &out, Err: &errs})
	code = command.Report("newworkload", err, &errs)
	return code, out.String(), errs.String()
}

func TestHelp(t *testing.T) {
	code, stdout, stderr := runCommand(t, "--help")
	if code != 0 || stderr != "" {
		t.Errorf("exit code %d, %s", code, stderr)
	}
	workloadtest.Golden(t, "help.golden", stdout)
}

func TestCreatesACopy(t *testing.T) {
	root := templateOnly(t)
	before := contents(t, root)
	code, stdout, stderr := runCommand(t, "--root", root, "rag-load")
	if code != 0 {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	workloadtest.Golden(t, "created.golden", stdout)

	renamed := renamer(spell(template), spell("rag-load"))
	want := map[string]string{}
	for path, content := range before {
		want[path] = content
		if renamed.Replace(path) != path && content != "the binary, if it was built" {
			want[renamed.Replace(path)] = renamed.Replace(content)
		}
	}
	if diff := cmp.Diff(want, contents(t, root)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for path := range want {
		if text := want[path]; strings.Contains(path, "rag") && (strings.Contains(strings.ToLower(text), "your-workload") || strings.Contains(text, "YourWorkload")) {
			t.Errorf("%s still names the template:\n%s", path, text)
		}
	}
	script := filepath.Join(root, "3-workloads/rag-load/run_rag_load.sh")
	if info, err := os.Stat(script); err != nil || info.Mode().Perm() != 0o755 {
		t.Errorf("%s: error %v, want it executable", script, err)
	}
}

func TestWrongNames(t *testing.T) {
	tests := []struct {
		why  string
		args []string // after --root
		want []string
	}{
		{"no name", nil, []string{`want one NAME after the flags, got ""`}},
		{"two names", []string{"a", "b"}, []string{`want one NAME after the flags, got "a b"`}},
		{"an unknown flag", []string{"--force", "a"}, []string{"unknown flag --force", "--help"}},
		{"capitals, but the folder's name is that of a command", []string{"RagLoad"}, []string{`want lower-case words with hyphens, such as rag-load, got "RagLoad"`}},
		{"an underscore would collide with the other spelling", []string{"rag_load"}, []string{`got "rag_load"`}},
		{"a path", []string{"../rag"}, []string{`got "../rag"`}},
		{"a digit first, which no Go name has", []string{"3d"}, []string{`got "3d"`}},
		{"a hyphen last", []string{"rag-"}, []string{`got "rag-"`}},
		{"an empty name", []string{""}, []string{`got ""`}},
		{"the template's own: folder and spec at once", []string{"your-workload"},
			[]string{"3-workloads/your-workload already exists", "0-bench-specs/your-workload-spec.yaml already exists"}},
		{"one of the seven keys", []string{"random"}, []string{"its key in specs would be Random, but run-bench.py already has Random"}},
		{"one of the seven keys with other capitals", []string{"share-gpt"}, []string{"would be ShareGpt, but run-bench.py already has ShareGPT"}},
		{"a function of run-bench.py", []string{"workload"}, []string{"already has a function run_workload"}},
		{"a folder that Go does not build", []string{"testdata"}, []string{"Go treats folders named testdata specially"}},
		{"the key of another workload", []string{"yourw-orkload"}, []string{"its key in specs would be YourwOrkload, which is the key of 3-workloads/your-workload"}},
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
					t.Errorf("want %q in\n%s", want, stderr)
				}
			}
			if diff := cmp.Diff(before, contents(t, root)); diff != "" {
				t.Errorf("left (-before +after)\n%s", diff)
			}
		})
	}
}

func TestReportsEveryErrorAtOnce(t *testing.T) {
	code, _, stderr := runCommand(t, "--root", t.TempDir(), "Rag")
	for _, want := range []string{"--root: ", "NAME: want"} {
		if code != 2 || !strings.Contains(stderr, want) {
			t.Errorf("exit code %d, want %q in\n%s", code, want, stderr)
		}
	}
}
