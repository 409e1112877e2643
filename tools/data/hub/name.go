package hub

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
)

var (
	name   = regexp.MustCompile(`^([A-Za-z0-9][\w.-]*/)?[A-Za-z0-9][\w.-]*$`)
	commit = regexp.MustCompile(`^[0-9a-f]{7,64}$`)
)

// IsName tells whether the hub may have something of that name: name or owner/name.
func IsName(text string) bool { return name.MatchString(text) && len(text) <= 200 }

// IsCommit tells whether a text is the hash of a commit.
func IsCommit(text string) bool { return commit.MatchString(text) }

// Below is the path of a file in a folder. The parts come from elsewhere, and none
// leads out of it.
func Below(folder string, parts ...string) (string, error) {
	path := folder
	for _, part := range parts {
		if !filepath.IsLocal(filepath.FromSlash(part)) || strings.ContainsAny(part, "\\\x00") {
			return "", fmt.Errorf("%q is no name of a file to keep", part)
		}
		path = filepath.Join(path, filepath.FromSlash(part))
	}
	return path, nil
}
