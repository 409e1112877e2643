package sharegpt

import (
	"bufio"
	"encoding/json"
	"io"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// A listWriter writes a list of objects with the same bytes as Python's
// json.dump with indent=2.
type listWriter struct {
	w     *bufio.Writer
	ascii bool // json.dump's ensure_ascii
	n     int  // objects written
	line  []byte
}

func newListWriter(w io.Writer, ascii bool) *listWriter {
	return &listWriter{w: bufio.NewWriterSize(w, 1<<18), ascii: ascii}
}

// A field is a member of an object. Its value is a string, int, float64,
// json.RawMessage or [][]field, a list of objects.
type field struct {
	name  string
	value any
}

// add writes an object.
func (l *listWriter) add(fields []field) error {
	l.line = append(l.line[:0], '[')
	if l.n > 0 {
		l.line[0] = ','
	}
	l.n++
	l.object(fields, "\n  ")
	_, err := l.w.Write(l.line)
	return err
}

func (l *listWriter) object(fields []field, indent string) {
	l.line = append(l.line, indent...)
	l.line = append(l.line, '{')
	for i, f := range fields {
		if i > 0 {
			l.line = append(l.line, ',')
		}
		l.line = append(l.line, indent...)
		l.line = append(l.line, "  \""+f.name+"\": "...)
		l.value(f.value, indent+"  ")
	}
	l.line = append(l.line, indent...)
	l.line = append(l.line, '}')
}

func (l *listWriter) value(value any, indent string) {
	switch v := value.(type) {
	case string:
		l.text(v)
	case int:
		l.line = strconv.AppendInt(l.line, int64(v), 10)
	case float64:
		from := len(l.line)
		l.line = strconv.AppendFloat(l.line, v, 'f', -1, 64)
		if v == float64(int64(v)) && len(l.line) > from {
			l.line = append(l.line, ".0"...)
		}
	case json.RawMessage:
		l.line = append(l.line, v...)
	case [][]field:
		if len(v) == 0 {
			l.line = append(l.line, "[]"...)
			return
		}
		l.line = append(l.line, '[')
		for i, fields := range v {
			if i > 0 {
				l.line = append(l.line, ',')
			}
			l.object(fields, indent+"  ")
		}
		l.line = append(l.line, indent+"]"...)
	}
}

// text appends a string.
func (l *listWriter) text(s string) {
	const hex = "0123456789abcdef"
	escape := func(u uint16) {
		l.line = append(l.line, '\\', 'u', hex[u>>12], hex[u>>8&15], hex[u>>4&15], hex[u&15])
	}
	l.line = append(l.line, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			l.line = append(l.line, '\\', byte(r))
		case r == '\n':
			l.line = append(l.line, `\n`...)
		case r == '\r':
			l.line = append(l.line, `\r`...)
		case r == '\t':
			l.line = append(l.line, `\t`...)
		case r == '\b':
			l.line = append(l.line, `\b`...)
		case r == '\f':
			l.line = append(l.line, `\f`...)
		case r < ' ', l.ascii && r >= 0x7f && r <= 0xffff:
			escape(uint16(r))
		case r < utf8.RuneSelf, !l.ascii:
			l.line = utf8.AppendRune(l.line, r)
		default:
			high, low := utf16.EncodeRune(r)
			escape(uint16(high))
			escape(uint16(low))
		}
	}
	l.line = append(l.line, '"')
}

// close ends the list and flushes it.
func (l *listWriter) close() error {
	end := "\n]"
	if l.n == 0 {
		end = "[]"
	}
	if _, err := l.w.WriteString(end); err != nil {
		return err
	}
	return l.w.Flush()
}
