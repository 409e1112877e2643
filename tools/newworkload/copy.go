package main

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// template is the workload that new ones are copied from.
const template = "your-workload"

// specOf returns the path of a workload's spec. It is a complete spec, not a section of
// TEMPLATE-spec.yaml: run-bench.yaml can name it as it is, and newworkload need not edit
// a file that people write by hand.
func specOf(n name) string { return "0-bench-specs/" + n.folder + "-spec.yaml" }

// copyOf returns the template below root with another name: its folder, without the
// binary, and its spec.
func copyOf(root string, to name) ([]file, error) {
	from := spell(template)
	renamed := renamer(from, to)
	tree := os.DirFS(root)
	var files []file
	add := func(source string, mode fs.FileMode) error {
		content, err := fs.ReadFile(tree, source)
		if err != nil {
			return fmt.Errorf("reading the template: %w", err)
		}
		text := renamed.Replace(string(content))
		files = append(files, file{path: renamed.Replace(source), content: []byte(text), mode: mode})
		return nil
	}
	folder := "3-workloads/" + from.folder
	err := fs.WalkDir(tree, folder, func(source string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || skipped(source, folder) {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		return add(source, info.Mode().Perm())
	})
	if err != nil {
		return nil, err
	}
	return files, add(specOf(from), 0o644)
}

// skipped reports whether a file of the template is a binary or an editor's, not to be
// copied.
func skipped(source, folder string) bool {
	binary := source == path.Join(folder, path.Base(folder))
	return binary || strings.HasPrefix(path.Base(source), ".") || filepath.Ext(source) == ".test"
}
