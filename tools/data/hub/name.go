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

// IsName reports whether a text is a valid repository name: name or owner/name.
func IsName(text string) bool { return name.MatchString(text) && len(text) <= 200 }

// IsCommit reports whether a text is the hash of a commit.
func IsCommit(text string) bool { return commit.MatchString(text) }

// Below joins untrusted parts to a folder's path and fails if one of them would
// lead out of the folder.
func Below(folder string, parts ...string) (string, error) {
	path := folder
	for _, part := range parts {
		if !filepath.IsLocal(filepath.FromSlash(part)) || strings.ContainsAny(part, "\\\x00") {
			return "", fmt.Errorf("invalid file name %q: want a path below the cache directory", part)
		}
		path = filepath.Join(path, filepath.FromSlash(part))
	}
	return path, nil
}
