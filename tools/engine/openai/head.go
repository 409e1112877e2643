package openai

import (
	"bufio"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// header is that of a request, without its length.
func (x *exchange) header() http.Header {
	h := http.Header{"Content-Type": {"application/json"}, "Accept": {"application/json"}, "User-Agent": {"LMBench"}}
	if key := x.client.config.APIKey; key != "" {
		h.Set("Authorization", "Bearer "+key)
	}
	if x.request.UserID != "" {
		h.Set("X-User-Id", x.request.UserID)
	}
	if x.request.Call != nil {
		for name, value := range x.request.Call.Header {
			h.Set(name, value)
		}
	}
	return h
}

// writeHead writes the head of a request. That of http.Request, with its map
// that is filled and sorted for every request, takes as long as to write and
// read all else of a short one; so only unusual requests have one.
func (x *exchange) writeHead(out *bufio.Writer) {
	out.WriteString(x.target.start)
	out.Write(strconv.AppendInt(out.AvailableBuffer(), x.length, 10))
	if x.request.Call != nil && len(x.request.Call.Header) > 0 {
		for name, values := range x.header() {
			writeField(out, name, values[0])
		}
	} else {
		out.WriteString("\r\nContent-Type: application/json\r\nAccept: application/json\r\nUser-Agent: LMBench")
		if key := x.client.config.APIKey; key != "" {
			writeField(out, "Authorization", "Bearer "+key)
		}
		if x.request.UserID != "" {
			writeField(out, "X-User-Id", x.request.UserID)
		}
	}
	out.WriteString("\r\n\r\n")
}

func writeField(out *bufio.Writer, name, value string) {
	out.WriteString("\r\n")
	out.WriteString(name)
	out.WriteString(": ")
	out.WriteString(value)
}

// fit tells whether a header can carry a text.
func fit(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f })
}

// checkHeader finds what would break a head.
func (r *Request) checkHeader() error {
	if !fit(r.UserID) {
		return errors.New("the user id has characters that no header can carry")
	}
	if r.Call == nil {
		return nil
	}
	for name, value := range r.Call.Header {
		if name == "" || strings.ContainsAny(name, ": ") || !fit(name) || !fit(value) {
			return fmt.Errorf("header %q has a name or value that no header can have", name)
		}
	}
	return nil
}

// hostOf is a host without the zone of its address, which means nothing elsewhere.
func hostOf(host string) string {
	if start := strings.IndexByte(host, '%'); start >= 0 && host[0] == '[' {
		return host[:start] + host[strings.LastIndexByte(host, ']'):]
	}
	return host
}
