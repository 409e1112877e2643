package sharegpt

import (
	"errors"
	"os"
	"path/filepath"
)

// drafts are files that get their names all together when they are done.
type drafts struct {
	files []*os.File
	names []string
	err   error
}

// create returns nil after an error, which stays in err.
func (d *drafts) create(name string) *os.File {
	if d.err != nil {
		return nil
	}
	var file *os.File
	if d.err = os.MkdirAll(filepath.Dir(name), 0o755); d.err == nil {
		file, d.err = os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+"-*")
	}
	if d.err != nil {
		return nil
	}
	d.files, d.names = append(d.files, file), append(d.names, name)
	return file
}

// publish gives the files their names, in the order they were created.
func (d *drafts) publish() error {
	err := d.err
	for _, file := range d.files {
		err = errors.Join(err, file.Chmod(0o644), file.Close())
	}
	for i, file := range d.files {
		if err != nil {
			break
		}
		err = os.Rename(file.Name(), d.names[i])
	}
	if err == nil {
		d.files = nil
	}
	return err
}

// discard removes what was not published.
func (d *drafts) discard() {
	for _, file := range d.files {
		file.Close()
		os.Remove(file.Name())
	}
}

// WriteFile writes a file that is there whole or not at all.
func WriteFile(name string, write func(*os.File) error) error {
	var drafts drafts
	defer drafts.discard()
	file := drafts.create(name)
	if drafts.err != nil {
		return drafts.err
	}
	if err := write(file); err != nil {
		return err
	}
	return drafts.publish()
}
