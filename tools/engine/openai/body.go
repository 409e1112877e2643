package openai

import (
	"io"
	"unicode/utf8"

	"github.com/LMCache/LMBench/tools/data/chat"
)

// A Part of a body is some JSON as it is sent, followed by a text that is escaped when
// it is sent. The text lies between the quotes of a JSON string.
type Part struct {
	JSON  string
	Text  chat.Text
	Plain bool // the text needs no escaping
}

// Body is a request's JSON. It is written from the pieces of the prompt as they lie in
// memory, so that there is never a second copy of a prompt, escaped or not.
type Body []Part

// length returns the bytes of the JSON, for Content-Length, in one pass over the text.
func (b Body) length() int64 {
	n := int64(0)
	for c := (cursor{parts: b}); ; {
		run := c.next()
		if run == "" {
			return n
		}
		n += int64(len(run))
	}
}

// reader returns a reader of the JSON.
func (b Body) reader() io.ReadCloser {
	return &bodyReader{cursor: cursor{parts: b}}
}

type bodyReader struct {
	cursor cursor
	rest   string // of the run being read
}

func (r *bodyReader) Read(p []byte) (n int, err error) {
	for n < len(p) {
		if r.rest == "" {
			if r.rest = r.cursor.next(); r.rest == "" {
				break
			}
		}
		copied := copy(p[n:], r.rest)
		r.rest = r.rest[copied:]
		n += copied
	}
	if n == 0 && len(p) > 0 {
		return 0, io.EOF
	}
	return n, nil
}

// WriteTo implements io.WriterTo: the pieces are written from where they lie.
func (r *bodyReader) WriteTo(w io.Writer) (n int64, err error) {
	for {
		if r.rest == "" {
			if r.rest = r.cursor.next(); r.rest == "" {
				return n, nil
			}
		}
		written, err := io.WriteString(w, r.rest)
		r.rest = r.rest[written:]
		if n += int64(written); err != nil {
			return n, err
		}
	}
}

func (r *bodyReader) Close() error { return nil }

// cursor is a position in a body: at a byte of a piece of the text of parts[0], or
// before its JSON.
type cursor struct {
	parts  []Part
	inText bool
	piece  int
	at     int
}

// next returns the next run of the JSON, usually a part of a piece, or "" at the end.
func (c *cursor) next() string {
	for len(c.parts) > 0 {
		if !c.inText {
			c.inText, c.piece, c.at = true, 0, 0
			if json := c.parts[0].JSON; json != "" {
				return json
			}
		}
		if rest := c.rest(); rest != "" {
			return c.run(rest)
		}
		c.parts, c.inText = c.parts[1:], false
	}
	return ""
}

// rest returns the rest of the piece, or the next piece that is not empty, or "" at the
// end of the text.
func (c *cursor) rest() string {
	for text := c.parts[0].Text; c.piece < len(text); c.piece++ {
		if c.at < len(text[c.piece]) {
			return text[c.piece][c.at:]
		}
		c.at -= len(text[c.piece])
	}
	return ""
}

func (c *cursor) run(rest string) string {
	if c.parts[0].Plain {
		c.at += len(rest)
		return rest
	}
	if n := clean(rest); n > 0 {
		c.at += n
		return rest[:n]
	}
	if !utf8.FullRuneInString(rest) {
		rest = c.across(rest)
	}
	written, size := escape(rest)
	c.at += size // may be beyond the piece: rest moves on
	return written
}

// across joins the beginning of a rune at the end of a piece with the bytes that follow
// in the next pieces: texts may be cut anywhere.
func (c *cursor) across(start string) string {
	joined := append(make([]byte, 0, utf8.UTFMax), start...)
	for _, piece := range c.parts[0].Text[c.piece+1:] {
		joined = append(joined, piece[:min(len(piece), utf8.UTFMax-len(joined))]...)
		if len(joined) == utf8.UTFMax {
			break
		}
	}
	return string(joined)
}
