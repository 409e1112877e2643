package sharegpt

import (
	"bufio"
	"io"
	"iter"

	"github.com/LMCache/LMBench/tools/data/pyjson"
)

// An object is a JSON object with ordered members.
type object []member

type member struct {
	name  string
	value any
}

// Members implements pyjson.Object.
func (o object) Members() iter.Seq2[string, any] {
	return func(yield func(string, any) bool) {
		for _, m := range o {
			if !yield(m.name, m.value) {
				return
			}
		}
	}
}

// A listWriter writes a list of objects as Python's json.dump with indent=2.
type listWriter struct {
	w     *bufio.Writer
	style pyjson.Style
	n     int // objects written
	line  []byte
}

func newListWriter(w io.Writer, style pyjson.Style) *listWriter {
	return &listWriter{w: bufio.NewWriterSize(w, 1<<18), style: style}
}

// add writes an object.
func (l *listWriter) add(o object) error {
	l.line = append(l.line[:0], "[\n  "...)
	if l.n > 0 {
		l.line[0] = ','
	}
	l.n++
	l.line = l.style.Append(l.line, o, "  ")
	_, err := l.w.Write(l.line)
	return err
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
