package result

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/renameio/v2"
)

// directory returns the folder of the suite's results. NAME comes from a spec and may have a
// slash, but must not lead out of 4-latest-results.
func (p pairs) directory(root string) (string, error) {
	name := p.text("NAME")
	if name == "" {
		name = "."
	}
	if !filepath.IsLocal(name) || strings.ContainsRune(name, 0) {
		return "", fmt.Errorf("NAME=%q leads out of 4-latest-results: give the suite another name", name)
	}
	return filepath.Join(root, "4-latest-results", name), nil
}

// stamp returns the time as LMBench writes it, in the zone of now.
func stamp(now time.Time) string { return now.Format("20060102-1504") }

// stem returns the file name without its ending. Characters that a file name cannot have
// become underscores.
func (p *point) stem(now time.Time) (stem, warning string) {
	asked := p.text("KEY") + "_" + p.text("WORKLOAD") + "_" + text(p.qps)
	stem = strings.Map(func(r rune) rune {
		if r == '/' || r < ' ' || r == 0x7F {
			return '_'
		}
		return r
	}, asked)
	if stem != asked {
		warning = fmt.Sprintf("%q cannot be a file name, using %q", asked, stem)
	}
	return stem + "_" + stamp(now), warning
}

// save writes a new file. If its name is taken, -2, -3 ... follow the stem. A reader sees
// the whole file or none.
func save(directory, stem, ending string, data []byte) (path string, err error) {
	if err := os.MkdirAll(directory, 0o777); err != nil {
		return "", err
	}
	temporary, err := renameio.NewPendingFile(filepath.Join(directory, stem+ending),
		renameio.WithTempDir(directory), renameio.WithPermissions(0o666))
	if err != nil {
		return "", err
	}
	defer temporary.Cleanup()
	if _, err := temporary.Write(data); err != nil {
		return "", err
	}
	if err := temporary.Sync(); err != nil {
		return "", err
	}
	path = filepath.Join(directory, stem+ending)
	for n := 2; ; n++ {
		err := publish(temporary.Name(), path)
		if !errors.Is(err, fs.ErrExist) {
			return path, err
		}
		path = filepath.Join(directory, fmt.Sprintf("%s-%d%s", stem, n, ending))
	}
}

// publish gives a file its name unless the name is taken. A link does so atomically, also
// if another process wants the name at the same time.
func publish(temporary, path string) error {
	err := os.Link(temporary, path)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	if _, err := os.Lstat(path); err == nil {
		return fs.ErrExist
	}
	return os.Rename(temporary, path) // a file system without links, such as FAT
}
