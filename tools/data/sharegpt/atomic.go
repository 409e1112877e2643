package sharegpt

import (
	"io"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"
)

// atomicFiles replaces several files together. An error of create stays in err.
type atomicFiles struct {
	pending []*renameio.PendingFile
	err     error
}

// create returns the new content of a file, or nil after an error.
func (a *atomicFiles) create(path string) *renameio.PendingFile {
	if a.err != nil {
		return nil
	}
	var file *renameio.PendingFile
	folder := filepath.Dir(path)
	if a.err = os.MkdirAll(folder, 0o755); a.err == nil {
		file, a.err = renameio.NewPendingFile(path, renameio.WithTempDir(folder), renameio.WithStaticPermissions(0o644))
	}
	if a.err != nil {
		return nil
	}
	a.pending = append(a.pending, file)
	return file
}

// replace gives the files their names, in the order of create, and stops at the
// first error.
func (a *atomicFiles) replace() error {
	if a.err != nil {
		return a.err
	}
	for _, file := range a.pending {
		if err := file.Sync(); err != nil { // a full disk must leave every old file in place
			return err
		}
	}
	for _, file := range a.pending {
		if err := file.CloseAtomicallyReplace(); err != nil {
			return err
		}
	}
	return nil
}

// cleanup removes the files that were not given their names.
func (a *atomicFiles) cleanup() {
	for _, file := range a.pending {
		_ = file.Cleanup() // the file was to be discarded
	}
}

// WriteFile replaces a file once write has succeeded.
func WriteFile(path string, write func(io.Writer) error) error {
	var files atomicFiles
	defer files.cleanup()
	file := files.create(path)
	if files.err != nil {
		return files.err
	}
	if err := write(file); err != nil {
		return err
	}
	return files.replace()
}
