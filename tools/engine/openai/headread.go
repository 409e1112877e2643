package openai

import (
	"bytes"
	"net/http"
	"slices"
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
	if err := l.fill(); err != nil {
		return nil // will be met again
	}
	u, ok := readUsual(l.unread)
	if !ok {
		return nil
	}
	x.response = http.Response{
		StatusCode: http.StatusOK, Header: x.client.direct.headerOf(u.kind), ContentLength: u.length, Close: u.closes,
	}
	l.take(u.inLines)
	x.framed = framed{link: l, chunked: u.length < 0, left: max(0, u.length)}
	x.response.Body = &x.framed
	return &x.response
}

// frame has the body of an answer be read as that of a usual one is, though its head
// was read by http: so that its bytes, too, are stamped when they come, and not when
// the chunk that they are of is whole.
func (l *link) frame(x *exchange, response *http.Response) {
	chunked := slices.Equal(response.TransferEncoding, []string{"chunked"})
	ahead, _ := l.in.Peek(l.in.Buffered())
	if response.StatusCode != http.StatusOK || !chunked && response.ContentLength < 0 || len(ahead)+len(l.unread) > len(room{}) {
		return
	}
	all := rooms.Get().(*room)
	n := copy(all[:], ahead)
	n += copy(all[n:], l.unread)
	l.in.Discard(len(ahead))
	l.release()
	l.room, l.unread = all, all[:n]
	x.framed = framed{link: l, chunked: chunked, left: max(0, response.ContentLength)}
	response.Body = &x.framed
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
