package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// file is a file to create.
type file struct {
	path    string // below the root, with slashes
	content []byte
	mode    fs.FileMode
}

// write creates all files or, with an error, leaves everything as it was. It never
// overwrites a file.
func write(ctx context.Context, root string, files []file) (err error) {
	var undo []func() error
	defer func() {
		if err != nil {
			for _, step := range slices.Backward(undo) {
				err = errors.Join(err, step())
			}
		}
	}()
	for _, f := range files {
		if err := ctx.Err(); err != nil {
			return err
		}
		at := filepath.Join(root, filepath.FromSlash(f.path))
		steps, err := createFolders(filepath.Dir(at))
		undo = append(undo, steps...)
		if err != nil {
			return err
		}
		if err := f.create(at); err != nil {
			return err
		}
		undo = append(undo, func() error { return os.Remove(at) })
	}
	return nil
}

// create writes a file that does not exist yet. With an error it still does not.
func (f *file) create(at string) error {
	out, err := os.OpenFile(at, os.O_WRONLY|os.O_CREATE|os.O_EXCL, f.mode)
	if err != nil {
		return err
	}
	_, err = out.Write(f.content)
	// Chmod, because a script must be executable whatever the umask is.
	if err := errors.Join(err, out.Chmod(f.mode), out.Close()); err != nil {
		return errors.Join(fmt.Errorf("writing %s: %w", at, err), os.Remove(at))
	}
	return nil
}

// createFolders creates a folder and those above it, and returns how to remove them.
func createFolders(dir string) (undo []func() error, err error) {
	if _, err := os.Stat(dir); err == nil {
		return nil, nil
	}
	undo, err = createFolders(filepath.Dir(dir))
	if err != nil {
		return undo, err
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		return undo, err
	}
	return append(undo, func() error { return os.Remove(dir) }), nil
}
