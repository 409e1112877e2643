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

// file is one to be made, or to be given new content.
type file struct {
	path    string // below the root, with slashes
	content []byte
	mode    fs.FileMode
	before  []byte // what a file that exists holds now; nil: it must not exist
}

func (f *file) verb() string {
	if f.before != nil {
		return "changed"
	}
	return "made"
}

// write writes all files or, with an error, leaves everything as it was.
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
		if f.before != nil {
			undo = append(undo, func() error { return os.WriteFile(at, f.before, f.mode) })
			if err := os.WriteFile(at, f.content, f.mode); err != nil {
				return err
			}
			continue
		}
		made, err := makeFolders(filepath.Dir(at))
		undo = append(undo, made...)
		if err != nil {
			return err
		}
		if err := f.make(at); err != nil {
			return err
		}
		undo = append(undo, func() error { return os.Remove(at) })
	}
	return nil
}

// make writes a file that does not exist yet; with an error it still does not.
func (f *file) make(at string) error {
	out, err := os.OpenFile(at, os.O_WRONLY|os.O_CREATE|os.O_EXCL, f.mode)
	if err != nil {
		return err
	}
	_, err = out.Write(f.content)
	// Whatever the umask, a script must be executable.
	if err := errors.Join(err, out.Chmod(f.mode), out.Close()); err != nil {
		return errors.Join(fmt.Errorf("writing %s: %w", at, err), os.Remove(at))
	}
	return nil
}

// makeFolders makes a folder and those above it, and tells how to unmake them.
func makeFolders(dir string) (undo []func() error, err error) {
	if _, err := os.Stat(dir); err == nil {
		return nil, nil
	}
	undo, err = makeFolders(filepath.Dir(dir))
	if err != nil {
		return undo, err
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		return undo, err
	}
	return append(undo, func() error { return os.Remove(dir) }), nil
}
