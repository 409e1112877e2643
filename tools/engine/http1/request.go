package http1

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"slices"
	"strconv"
	"strings"
)

const unknownLength = -1 // of a body, which is sent in chunks

// check returns the length of a request's body, or what keeps it from being sent.
func check(r *http.Request) (length int64, err error) {
	if r.URL == nil || r.URL.Scheme != "http" && r.URL.Scheme != "https" {
		return 0, errors.New("http1: want a URL that begins with http:// or https://")
	}
	if host := cmp.Or(r.Host, r.URL.Host); host == "" || !isHost(host) {
		return 0, fmt.Errorf("http1: invalid host %q", host)
	}
	if !isToken(r.Method) && r.Method != "" {
		return 0, fmt.Errorf("http1: invalid method %q", r.Method)
	}
	for name, values := range r.Header {
		if !isToken(name) {
			return 0, fmt.Errorf("http1: invalid header name %q", name)
		}
		for _, value := range values {
			if !isHeaderValue(value) {
				return 0, fmt.Errorf("http1: invalid value of header %q", name) // which may be a secret
			}
		}
	}
	switch {
	case r.Body == nil || r.Body == http.NoBody:
		return 0, nil
	case r.ContentLength > 0 && len(r.TransferEncoding) == 0:
		return r.ContentLength, nil
	}
	return unknownLength, nil
}

func isHost(host string) bool {
	return !strings.ContainsFunc(host, func(r rune) bool { return r <= ' ' || r >= 0x7f || strings.ContainsRune(`/\?#@`, r) })
}

// isToken reports whether a text may be a header's name or a method.
func isToken[T string | []byte](text T) bool {
	for i := range len(text) {
		c := text[i]
		if (c|0x20 < 'a' || 'z' < c|0x20) && (c < '0' || '9' < c) && strings.IndexByte("!#$%&'*+-.^_`|~", c) < 0 {
			return false
		}
	}
	return len(text) > 0
}

func isHeaderValue(value string) bool {
	for i := range len(value) {
		if c := value[i]; c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}

// write writes a request and closes its body. Errors are those of the body.
func write(out *bufio.Writer, r *http.Request, body io.ReadCloser, length int64) error {
	writeHead(out, r, length)
	err := writeBody(out, body, length)
	closeBody(body)
	if err != nil {
		return err
	}
	return out.Flush()
}

func closeBody(body io.Closer) {
	if body != nil {
		body.Close()
	}
}

func writeBody(out *bufio.Writer, body io.Reader, length int64) error {
	switch length {
	case 0:
		return nil
	case unknownLength:
		chunks := httputil.NewChunkedWriter(out)
		if _, err := io.Copy(chunks, body); err != nil {
			return err
		}
		if err := chunks.Close(); err != nil {
			return err
		}
		_, err := out.WriteString("\r\n")
		return err
	}
	if _, direct := body.(io.WriterTo); !direct {
		body = io.LimitReader(body, length+1)
	}
	n, err := io.Copy(out, body)
	if err == nil && n != length {
		err = fmt.Errorf("http1: the body has %d bytes or more, want %d as its request says", n, length)
	}
	return err
}

// headerOrder lists the headers that come first, so that a request has the same
// bytes each time it is sent. The others follow by name.
var headerOrder = [...]string{"Content-Type", "Accept", "User-Agent", "Authorization"}

// notCopied lists the headers that are written from other fields of a request, if at all.
var notCopied = [...]string{"Host", "Content-Length", "Transfer-Encoding", "Trailer"}

func writeHead(out *bufio.Writer, r *http.Request, length int64) {
	out.WriteString(cmp.Or(r.Method, http.MethodGet))
	out.WriteByte(' ')
	out.WriteString(r.URL.RequestURI())
	out.WriteString(" HTTP/1.1\r\nHost: ")
	out.WriteString(withoutZone(cmp.Or(r.Host, r.URL.Host)))
	switch {
	case length == unknownLength:
		out.WriteString("\r\nTransfer-Encoding: chunked")
	case length > 0 || r.Method == http.MethodPost || r.Method == http.MethodPut || r.Method == http.MethodPatch:
		out.WriteString("\r\nContent-Length: ")
		out.Write(strconv.AppendInt(out.AvailableBuffer(), length, 10))
	}
	if r.Close && !headerHas(r.Header["Connection"], "close") {
		out.WriteString("\r\nConnection: close")
	}
	for _, name := range headerOrder {
		writeFields(out, name, r.Header[name])
	}
	var others [16]string
	rest := others[:0]
	for name := range r.Header {
		if !slices.Contains(headerOrder[:], name) && !slices.Contains(notCopied[:], name) {
			rest = append(rest, name)
		}
	}
	slices.Sort(rest)
	for _, name := range rest {
		writeFields(out, name, r.Header[name])
	}
	out.WriteString("\r\n\r\n")
}

func writeFields(out *bufio.Writer, name string, values []string) {
	for _, value := range values {
		out.WriteString("\r\n")
		out.WriteString(name)
		out.WriteString(": ")
		out.WriteString(value)
	}
}

// headerHas reports whether one of a header's values, or of the values in its
// lists, is the one given in small letters.
func headerHas(values []string, small string) bool {
	for _, value := range values {
		for item := range strings.SplitSeq(value, ",") {
			if strings.EqualFold(strings.TrimSpace(item), small) {
				return true
			}
		}
	}
	return false
}

// withoutZone returns a host without the zone of its IPv6 address, which has no
// meaning on another machine.
func withoutZone(host string) string {
	if start := strings.IndexByte(host, '%'); start >= 0 && host[0] == '[' {
		return host[:start] + host[strings.LastIndexByte(host, ']'):]
	}
	return host
}
