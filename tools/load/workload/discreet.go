package workload

import (
	"bytes"
	"io"
	"regexp"
	"strings"

	"github.com/LMCache/LMBench/tools/results/spec"
)

// discreet passes on lines of what other programs say of a serving engine, without
// the keys in them: engines log how they were started, and kubectl shows it.
type discreet struct {
	to    io.Writer
	known []string // secrets, wherever they stand
	rest  []byte   // the start of a line
	next  bool     // the line before ends in the flag for a key
}

const (
	longestLine = 1 << 20 // bytes; what is longer is cut in two
	masked      = "xxxxx"
)

var (
	ofKey = regexp.MustCompile(`(?i)((?:api[_-]?key|hf_token|hugging_face_hub_token)["']?(?:\s*[=:]\s*|\s+)\[?["']?)[^\s"',\]<]{6,}`)
	// variable is one as kubectl describes it.
	variable = regexp.MustCompile(`^(\s+)([\w.-]+)(:\s+)([^<\s]\S*)(\s*)$`)
	flagged  = regexp.MustCompile(`(?i)--?[\w-]*(api[_-]key|token)\s*$`)
)

func (d *discreet) Write(p []byte) (int, error) {
	d.rest = append(d.rest, p...)
	for {
		end := bytes.IndexByte(d.rest, '\n') + 1
		if end == 0 && len(d.rest) > longestLine {
			end = len(d.rest)
		}
		if end == 0 {
			return len(p), nil
		}
		if _, err := io.WriteString(d.to, d.line(string(d.rest[:end]))); err != nil {
			return 0, err
		}
		d.rest = d.rest[end:]
	}
}

// Flush passes on a line that has no end.
func (d *discreet) Flush() error {
	_, err := io.WriteString(d.to, d.line(string(d.rest)))
	d.rest = nil
	return err
}

func (d *discreet) line(text string) string {
	for _, secret := range d.known {
		text = strings.ReplaceAll(text, secret, masked)
	}
	text = ofKey.ReplaceAllString(text, "${1}"+masked)
	if parts := variable.FindStringSubmatch(text); parts != nil && spec.Secret(parts[2]) && strings.Trim(parts[4], "0123456789") != "" {
		text = parts[1] + parts[2] + parts[3] + masked + parts[5]
	}
	before := d.next
	d.next = flagged.MatchString(text)
	if indent := len(text) - len(strings.TrimLeft(text, " \t")); before && strings.TrimSpace(text) != "" {
		return text[:indent] + masked + "\n"
	}
	return text
}
