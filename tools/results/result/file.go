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

// directory is where the suite's results lie. NAME comes from a spec and may
// have a slash, but must not lead out of 4-latest-results.
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

// stamp is the original's, in the zone of now.
func stamp(now time.Time) string { return now.Format("20060102-1504") }

// stem is the file name without its ending. What cannot stand in a file name
// becomes an underscore.
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

// save writes a new file whose name starts with stem; where one has it already,
// with -2, -3 … after the stem. A reader sees the whole file or none.
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

// publish gives a file its name unless the name is taken: a link does so even
// when another process wants it at the same instant.
func publish(temporary, path string) error {
	err := os.Link(temporary, path)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	if _, err := os.Lstat(path); err == nil {
		return fs.ErrExist
	}
	return os.Rename(temporary, path) // no links here, as on FAT
}
