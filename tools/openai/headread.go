package openai

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httputil"
	"strconv"
)

// http.ReadResponse makes a map of every head, with a string for each name and
// value, 14 allocations: that takes nine times as long as the reading below, and
// longer than to decode a short answer. It knows the heads that engines send with
// an answer; to anything else, from a status other than 200 to a folded line, it
// says no, and http.ReadResponse decides.

// usual is what matters of the head of a usual answer.
type usual struct {
	kind    []byte // Content-Type
	length  int64  // of the body; -1: it comes in chunks
	closes  bool   // the connection ends with the answer
	inLines int    // bytes of the head, with the empty line
}

// readUsual reads the head at the start of data, if it is all there and usual.
func readUsual(data []byte) (u usual, ok bool) {
	u.length = -1
	line, rest, found := bytes.Cut(data, []byte("\r\n"))
	if !found || !bytes.HasPrefix(line, []byte("HTTP/1.1 200 ")) || !fitting(line) {
		return u, false
	}
	framings := 0
	for {
		line, rest, found = bytes.Cut(rest, []byte("\r\n"))
		if !found {
			return u, false
		}
		if len(line) == 0 {
			u.inLines = len(data) - len(rest)
			return u, framings == 1
		}
		name, value, found := bytes.Cut(line, []byte{':'})
		if !found || !isToken(name) || !fitting(value) {
			return u, false
		}
		value = bytes.Trim(value, " \t")
		switch {
		case named(name, "content-type"):
			if u.kind != nil {
				return u, false
			}
			u.kind = value
		case named(name, "content-length"):
			if len(value) > 15 || !isNumber(value) {
				return u, false
			}
			u.length, _ = strconv.ParseInt(string(value), 10, 64)
			framings++
		case named(name, "transfer-encoding"):
			if string(value) != "chunked" {
				return u, false
			}
			framings++
		case named(name, "connection"):
			switch {
			case named(value, "close"):
				u.closes = true
			case !named(value, "keep-alive"):
				return u, false
			}
		case named(name, "content-encoding"), named(name, "trailer"), named(name, "upgrade"):
			return u, false
		}
	}
}

// named tells whether a name is the one in small letters.
func named(name []byte, small string) bool {
	if len(name) != len(small) {
		return false
	}
	for i, c := range name {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != small[i] {
			return false
		}
	}
	return true
}

func isToken(name []byte) bool {
	for _, c := range name {
		if (c|0x20 < 'a' || 'z' < c|0x20) && (c < '0' || '9' < c) && c != '-' && c != '_' {
			return false
		}
	}
	return len(name) > 0
}

func isNumber(value []byte) bool {
	for _, c := range value {
		if c < '0' || '9' < c {
			return false
		}
	}
	return len(value) > 0
}

// fitting tells whether a line or value is printable ASCII.
func fitting(value []byte) bool {
	for _, c := range value {
		if c < ' ' && c != '\t' || c > '~' {
			return false
		}
	}
	return true
}

// usualAnswer reads the head of an answer if it is usual; nil: it is left to be read.
func (l *link) usualAnswer(x *exchange) *http.Response {
	if _, err := l.in.Peek(1); err != nil {
		return nil // will be met again
	}
	data, _ := l.in.Peek(l.in.Buffered())
	u, ok := readUsual(data)
	if !ok {
		return nil
	}
	x.response = http.Response{
		StatusCode: http.StatusOK, Header: x.client.direct.headerOf(u.kind), ContentLength: u.length, Close: u.closes,
	}
	l.in.Discard(u.inLines)
	x.framed = framed{in: l.in, left: u.length}
	if u.length < 0 {
		x.framed.inChunks()
	}
	x.response.Body = &x.framed
	return &x.response
}

// headerOf is a header with nothing but a Content-Type. It is the same as long
// as the engine says the same, so nobody may change it.
func (d *direct) headerOf(kind []byte) http.Header {
	if kind == nil {
		return nil
	}
	header := d.header.Load()
	if header == nil || header.Get("Content-Type") != string(kind) {
		header = &http.Header{"Content-Type": {string(kind)}}
		d.header.Store(header)
	}
	return *header
}

// framed is the body of a usual answer.
type framed struct {
	in     *bufio.Reader
	chunks io.Reader // nil: it is not in chunks
	left   int64     // else how much of it there is still
	over   bool
}

func (f *framed) inChunks() { f.chunks = httputil.NewChunkedReader(f.in) }

func (f *framed) Read(p []byte) (int, error) {
	if f.over {
		return 0, io.EOF
	}
	if f.chunks != nil {
		n, err := f.chunks.Read(p)
		if err == io.EOF {
			err = f.passTrailer()
		}
		f.over = err == io.EOF
		return n, err
	}
	if f.left == 0 {
		f.over = true
		return 0, io.EOF
	}
	n, err := f.in.Read(p[:min(int64(len(p)), f.left)])
	if f.left -= int64(n); f.left == 0 {
		f.over, err = true, io.EOF
	} else if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// passTrailer reads what follows the last chunk, up to an empty line: mostly that
// alone. It returns io.EOF where all is well.
func (f *framed) passTrailer() error {
	for n := len("\r\n"); n <= f.in.Size(); n++ {
		rest, err := f.in.Peek(n)
		switch {
		case err == io.EOF:
			return io.ErrUnexpectedEOF
		case err != nil:
			return err
		case string(rest) == "\r\n" || bytes.HasSuffix(rest, []byte("\r\n\r\n")):
			f.in.Discard(n)
			return io.EOF
		}
	}
	return errors.New("the trailer of the answer does not end")
}

// atEnd tells whether the end of the body has been received, so that reading to
// it does not wait.
func (f *framed) atEnd() bool {
	if f.over || f.chunks == nil {
		return f.over || f.left == 0
	}
	rest, _ := f.in.Peek(f.in.Buffered())
	return string(bytes.TrimPrefix(rest, []byte("\r\n"))) == "0\r\n\r\n"
}

// Close is part of io.Closer.
func (f *framed) Close() error { return nil }
