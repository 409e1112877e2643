package http1

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
)

const headLimit = 1 << 20 // bytes of a response's head

// http.ReadResponse takes nine times as long as the reading below, and longer than
// to decode a short response. fastHead knows the heads that servers usually send
// with a success. http.ReadResponse reads all others: any status but 200, folded
// lines, and so on.

// fastHead is what matters of a usual head.
type fastHead struct {
	status  []byte // "200 OK"
	length  int64  // of the body; unknownLength: it comes in chunks
	closes  bool   // the connection ends with the response
	lines   []byte // the header's, with their ends
	headers int    // in lines, without those of the framing
	bytes   int    // of the head, with the empty line
}

// readFastHead reads the head at the start of data, if it is complete and usual.
func readFastHead(data []byte) (h fastHead, ok bool) {
	h.length = unknownLength
	line, rest, found := bytes.Cut(data, []byte("\r\n"))
	if !found || !bytes.HasPrefix(line, []byte("HTTP/1.1 200 ")) || !isPrintable(line) {
		return h, false
	}
	h.status = line[len("HTTP/1.1 "):]
	start, framings := rest, 0
	for {
		line, rest, found = bytes.Cut(rest, []byte("\r\n"))
		if !found {
			return h, false
		}
		if len(line) == 0 {
			h.bytes = len(data) - len(rest)
			h.lines = start[:len(start)-len(rest)-len("\r\n")]
			return h, framings == 1
		}
		name, value, found := bytes.Cut(line, []byte{':'})
		if !found || !isPlainName(name) || !isPrintable(value) {
			return h, false
		}
		h.headers++
		value = bytes.Trim(value, " \t")
		switch {
		case equalsFold(name, "content-length"):
			if len(value) > 15 || !isNumber(value) {
				return h, false
			}
			h.length, _ = strconv.ParseInt(string(value), 10, 64)
			framings++
		case equalsFold(name, "transfer-encoding"):
			if string(value) != "chunked" {
				return h, false
			}
			h.headers--
			framings++
		case equalsFold(name, "connection"):
			switch {
			case equalsFold(value, "close"):
				h.closes = true
			case !equalsFold(value, "keep-alive"):
				return h, false
			}
		case equalsFold(name, "trailer"), equalsFold(name, "upgrade"):
			return h, false
		}
	}
}

// header makes the map of a head. All values share one copy of its text.
func (h *fastHead) header() http.Header {
	header := make(http.Header, h.headers)
	values := make([]string, 0, h.headers)
	for rest := string(h.lines); rest != ""; {
		var line string
		line, rest, _ = strings.Cut(rest, "\r\n")
		name, value, _ := strings.Cut(line, ":")
		key := textproto.CanonicalMIMEHeaderKey(name)
		if key == "Transfer-Encoding" || h.closes && key == "Connection" { // net/http leaves them out
			continue
		}
		value = textproto.TrimString(value)
		if known := header[key]; known != nil {
			header[key] = append(known, value)
			continue
		}
		values = append(values, value)
		header[key] = values[len(values)-1 : len(values) : len(values)]
	}
	return header
}

// equalsFold reports whether a text in ASCII is the one in small letters.
func equalsFold(text []byte, small string) bool {
	if len(text) != len(small) {
		return false
	}
	for i, c := range text {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != small[i] {
			return false
		}
	}
	return true
}

// isPlainName reports whether a header's name has only letters, digits, "-" and "_".
func isPlainName(name []byte) bool {
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

// isPrintable reports whether a text is printable ASCII.
func isPrintable(text []byte) bool {
	for _, c := range text {
		if c < ' ' && c != '\t' || c > '~' {
			return false
		}
	}
	return true
}

// response is a response and what it points to, in one piece of memory.
type response struct {
	http.Response
	body   Body
	coding [1]string
}

// fastResponse reads the head of the response that was received if it is usual;
// otherwise it returns nil and leaves the head unread.
func (c *conn) fastResponse(r *http.Request) *http.Response {
	if r.Method == http.MethodHead || r.Method == http.MethodConnect { // whose responses have a length and no body
		return nil
	}
	h, ok := readFastHead(c.unread)
	if !ok {
		return nil
	}
	held := &response{Response: http.Response{
		Status: "200 OK", StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: h.header(), ContentLength: h.length, Close: h.closes, Request: r,
	}}
	if string(h.status) != held.Status {
		held.Status = string(h.status)
	}
	if h.length == unknownLength {
		held.coding[0] = "chunked"
		held.TransferEncoding = held.coding[:]
	}
	c.take(h.bytes)
	held.body = newBody(c, h.closes || r.Close, chunkedBody{framing: framingOf(h.length), left: max(0, h.length)})
	held.Body = &held.body
	if c.tls != nil {
		state := c.tls.ConnectionState()
		held.TLS = &state
	}
	return &held.Response
}

func framingOf(length int64) framing {
	if length == unknownLength {
		return inChunks
	}
	return byLength
}

// slowResponse reads any head.
func (c *conn) slowResponse(r *http.Request) (*http.Response, error) {
	head, err := c.head()
	if err != nil {
		return nil, err
	}
	parsed, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(head)), r)
	if err != nil {
		return nil, otherProtocol(head, err)
	}
	held := &response{Response: *parsed}
	parsed = &held.Response
	closes := parsed.Close || r.Close || parsed.StatusCode == http.StatusSwitchingProtocols
	held.body = newBody(c, closes, chunkedBody{framing: byLength, trailer: &parsed.Trailer})
	switch f := &held.body.chunked; {
	case parsed.Body == http.NoBody, r.Method == http.MethodHead:
	case slices.Equal(parsed.TransferEncoding, []string{"chunked"}):
		f.framing = inChunks
	case parsed.ContentLength >= 0:
		f.left = parsed.ContentLength
	default:
		f.framing, held.body.closes = untilEOF, true
	}
	parsed.Body = &held.body
	if c.tls != nil {
		state := c.tls.ConnectionState()
		parsed.TLS = &state
	}
	return parsed, nil
}

// head takes the next head. It ends before an empty line only if no response
// begins like that.
func (c *conn) head() ([]byte, error) {
	var head []byte
	for searched := 0; ; searched = max(0, len(head)-len("\n\r")) {
		head = append(head, c.unread...)
		if end := headEnd(head, searched); end >= 0 {
			c.take(len(c.unread) - (len(head) - end))
			return head[:end], nil
		}
		if start := []byte("HTTP/"); len(head) > 0 && !bytes.HasPrefix(head, start[:min(len(start), len(head))]) {
			return head, nil
		}
		if len(head) > headLimit {
			return nil, fmt.Errorf("the response has a header of more than %d bytes", headLimit)
		}
		c.take(len(c.unread))
		if err := c.fill(); err != nil {
			if err == io.EOF && len(head) > 0 {
				err = io.ErrUnexpectedEOF
			}
			return nil, err
		}
	}
}

// headEnd returns the length of a head with the empty line at its end, which is looked
// for from a place on, or -1.
func headEnd(data []byte, at int) int {
	for {
		line := bytes.IndexByte(data[at:], '\n')
		if line < 0 {
			return -1
		}
		at += line + 1
		if rest := data[at:]; bytes.HasPrefix(rest, []byte("\n")) {
			return at + 1
		} else if bytes.HasPrefix(rest, []byte("\r\n")) {
			return at + 2
		}
	}
}

// otherProtocol names what else than HTTP/1.1 a server speaks, if its first bytes
// tell: a TLS alert, or the settings that HTTP/2 begins with.
func otherProtocol(start []byte, err error) error {
	switch {
	case len(start) < 4:
	case start[0] == 0x15 && start[1] == 0x03:
		return errors.New("the server speaks TLS; use https://")
	case start[0] == 0 && start[3] == 4:
		return errors.New("the server speaks only HTTP/2, not HTTP/1.1")
	}
	return err
}
