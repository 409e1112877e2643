package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWriteLeavesNothingBehindWhenItFails(t *testing.T) {
	tests := []struct {
		why  string
		last file
	}{
		{"a file that already exists", file{path: "there", content: []byte("new"), mode: 0o644}},
		{"a folder with the name of a file", file{path: "there/x/y", mode: 0o644}},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			root := t.TempDir()
			if err := os.WriteFile(filepath.Join(root, "there"), []byte("old"), 0o644); err != nil {
				t.Fatal(err)
			}
			before := contents(t, root)
			err := write(t.Context(), root, []file{
				{path: "a/b/c", content: []byte("new"), mode: 0o644},
				{path: "a/b/d", content: []byte("new"), mode: 0o755},
				test.last,
			})
			if err == nil {
				t.Error("no error")
			}
			if diff := cmp.Diff(before, contents(t, root)); diff != "" {
				t.Errorf("left (-before +after)\n%s", diff)
			}
		})
	}
}

func TestWriteStopsWhenInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	root := t.TempDir()
	if err := write(ctx, root, []file{{path: "a", mode: 0o644}}); err == nil || len(contents(t, root)) > 1 {
		t.Errorf("error %v, left %v", err, contents(t, root))
	}
}
