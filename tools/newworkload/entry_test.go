package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestIgnore(t *testing.T) {
	tests := []struct{ why, before, want string }{
		{"after the other workloads", "/3-workloads/a/a\n/tools/b/b\n", "/3-workloads/a/a\n/3-workloads/rag-load/rag-load\n/tools/b/b\n"},
		{"at the end, where there are none", "*.log", "*.log\n/3-workloads/rag-load/rag-load\n"},
		{"alone", "", "/3-workloads/rag-load/rag-load\n"},
		{"not twice", "/3-workloads/rag-load/rag-load\nx\n", "/3-workloads/rag-load/rag-load\nx\n"},
		{"not where a pattern has it", "/3-workloads/*/rag-load\n", "/3-workloads/*/rag-load\n"},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			got, err := ignore(test.before, spell("rag-load"))
			if err != nil || got != test.want {
				t.Errorf("%v, got\n%s\nwant\n%s", err, got, test.want)
			}
		})
	}
}

func TestBuild(t *testing.T) {
	tests := []struct{ why, before, want string }{
		{"after the other workloads", "x\ncommands=(3-workloads/a tools/b)\ny\n", "x\ncommands=(3-workloads/a 3-workloads/rag-load tools/b)\ny\n"},
		{"after a workload that is not the first word", "commands=(tools/b 3-workloads/a)\n", "commands=(tools/b 3-workloads/a 3-workloads/rag-load)\n"},
		{"first, where there are none", "commands=(tools/b)\n", "commands=(3-workloads/rag-load tools/b)\n"},
		{"on a line of its own, if the others are", "commands=(\n    3-workloads/a\n    tools/b\n)\n", "commands=(\n    3-workloads/a\n    3-workloads/rag-load\n    tools/b\n)\n"},
		{"not where a pattern has it", "commands=(3-workloads/* tools/b)\n", ""},
		{"not where a pattern for folders has it", "commands=(3-workloads/*/ tools/b)\n", ""},
		{"not twice", "commands=(3-workloads/rag-load)\n", ""},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			if test.want == "" {
				test.want = test.before
			}
			got, err := build(test.before, spell("rag-load"))
			if err != nil || got != test.want {
				t.Errorf("%v, got\n%s\nwant\n%s", err, got, test.want)
			}
		})
	}
}

// A build.sh without the list is no failure: the person is told.
func TestNotesWhatItCannotEnter(t *testing.T) {
	root := t.TempDir()
	if err := os.WriteFile(filepath.Join(root, "build.sh"), []byte("go build ./...\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	files, notes, err := entries(root, spell("rag-load"))
	all := strings.Join(notes, "\n")
	if err != nil || len(files) > 0 || !strings.Contains(all, "there is no .gitignore") || !strings.Contains(all, "build.sh: no commands=(…) found") {
		t.Errorf("files %v, %v, notes:\n%s", files, err, all)
	}
}

func TestTheRepositorysOwnListsCanBeEntered(t *testing.T) {
	if _, notes, err := entries(repository, spell("rag-load")); err != nil || len(notes) > 0 {
		t.Errorf("%v %v", err, notes)
	}
}
