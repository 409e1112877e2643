package redact

import (
	"bytes"
	"io"
	"regexp"
	"strings"
)

// A Writer copies the log lines of other programs without the credentials in them.
// Engines log how they were started, and kubectl shows it.
type Writer struct {
	to       io.Writer
	secrets  Secrets
	line     []byte // the beginning of a line
	keyFlag  bool   // the line before ends in a flag whose value is a key
	firstErr error
}

// NewWriter returns a Writer to a file. Besides what looks like a credential it
// removes the secrets given, except those shorter than Shortest.
func NewWriter(to io.Writer, secrets ...string) *Writer {
	var long []string
	for _, secret := range secrets {
		if len(secret) >= Shortest {
			long = append(long, secret)
		}
	}
	return &Writer{to: to, secrets: NewSecrets(Mask, long...)}
}

// longestLine is the number of bytes after which a line is cut in two.
const longestLine = 1 << 20

// Write implements io.Writer. It holds back a line that has not ended.
func (w *Writer) Write(p []byte) (int, error) {
	w.line = append(w.line, p...)
	for w.firstErr == nil {
		end := bytes.IndexByte(w.line, '\n') + 1
		if end == 0 && len(w.line) > longestLine {
			end = len(w.line)
		}
		if end == 0 {
			return len(p), nil
		}
		w.copy(end)
	}
	return 0, w.firstErr
}

// Flush writes the line that has not ended. It returns the first error of the file.
func (w *Writer) Flush() error {
	w.copy(len(w.line))
	return w.firstErr
}

func (w *Writer) copy(end int) {
	if w.firstErr != nil || end == 0 {
		return
	}
	_, w.firstErr = io.WriteString(w.to, w.redacted(string(w.line[:end])))
	w.line = w.line[end:]
}

var (
	// named is a key after its name, as in api_key='…', --api-key … and Bearer ….
	named = regexp.MustCompile(`(?i)((?:api[_-]?key|hf_token|hugging_face_hub_token)["']?(?:\s*[=:]\s*|\s+)\[?["']?)[^\s"',\]<]{6,}`)
	// shaped is a key of Hugging Face or OpenAI, or one sent in a header.
	shaped = regexp.MustCompile(`(\b(?i:bearer) +)[\w.~+/=-]{8,}|\b(hf_)[A-Za-z0-9]{20,}|\b(sk-)[\w-]{20,}`)
	// variable is an environment variable as kubectl describes it.
	variable = regexp.MustCompile(`^(\s+)([\w.-]+)(:\s+)([^<\s]\S*)(\s*)$`)
	keyFlag  = regexp.MustCompile(`(?i)--?[\w-]*(api[_-]key|token)\s*$`)
)

// redacted returns a line without credentials.
func (w *Writer) redacted(line string) string {
	line = w.secrets.Text(line)
	line = named.ReplaceAllString(line, "${1}"+Mask)
	line = shaped.ReplaceAllString(line, "${1}${2}${3}"+Mask)
	if parts := variable.FindStringSubmatch(line); parts != nil && IsSecret(parts[2]) && strings.Trim(parts[4], "0123456789") != "" {
		line = parts[1] + parts[2] + parts[3] + Mask + parts[5]
	}
	value := w.keyFlag // this line is its value
	w.keyFlag = keyFlag.MatchString(line)
	if indent := len(line) - len(strings.TrimLeft(line, " \t")); value && strings.TrimSpace(line) != "" {
		return line[:indent] + Mask + "\n"
	}
	return line
}
