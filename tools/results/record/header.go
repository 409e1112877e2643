package record

import (
	"slices"
	"strings"
)

// plainNames are a header's names without what editors put around them: spaces, or
// the byte order mark and the other marks without width.
func plainNames(header []string) []string {
	known := fieldsOf(new(Row))
	header = slices.Clone(header)
	for i, name := range header {
		for _, plain := range []string{name, strings.TrimSpace(name), strings.Map(visible, name)} {
			if known[plain] != nil {
				header[i] = plain
				break
			}
		}
	}
	return header
}

func visible(r rune) rune {
	switch r {
	case '\u200b', '\u200c', '\u200d', '\ufeff':
		return -1
	}
	return r
}
