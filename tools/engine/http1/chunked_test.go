package http1

import (
	"bytes"
	"io"
	"net"
	"net/http/httputil"
	"strings"
	"testing"
	"testing/iotest"
)

// received returns a body whose bytes come in pieces.
func received(wire string, framing framing, length int64, pieces func(io.Reader) io.Reader) *Body {
	c := &conn{Conn: incoming{Reader: pieces(strings.NewReader(wire))}}
	b := newBody(c, true, chunkedBody{framing: framing, left: length})
	return &b
}

// incoming is a connection that is only read.
type incoming struct {
	net.Conn
	io.Reader
}

func (i incoming) Read(p []byte) (int, error) { return i.Reader.Read(p) }
func (i incoming) Close() error               { return nil }

func TestChunkedBody(t *testing.T) {
	tests := []struct {
		why     string
		wire    string
		framing framing
		length  int64
		want    string
		fails   bool
		left    string // unread
	}{
		{"chunks", "2\r\nab\r\n3;x=1\r\ncde\r\n0\r\n\r\nnext", inChunks, 0, "abcde", false, "next"},
		{"no chunk", "0\r\n\r\n", inChunks, 0, "", false, ""},
		{"a trailer that was not announced", "1\r\na\r\n0\r\nX-Sum: 1\r\nY: 2\r\n\r\nnext", inChunks, 0, "a", false, "next"},
		{"a trailer without end", "1\r\na\r\n0\r\nX: " + strings.Repeat("x", lineLimit), inChunks, 0, "a", true, ""},
		{"cut in a trailer", "1\r\na\r\n0\r\nX: 1", inChunks, 0, "a", true, ""},
		{"cut before the end", "1\r\na\r\n", inChunks, 0, "a", true, ""},
		{"cut in a chunk", "9\r\na", inChunks, 0, "a", true, ""},
		{"no size", "z\r\na\r\n", inChunks, 0, "", true, ""},
		{"an empty size", "\r\na\r\n", inChunks, 0, "", true, ""},
		{"a sign", "+1\r\na\r\n0\r\n\r\n", inChunks, 0, "", true, ""},
		{"a size that no chunk has", "fffffffffffffffff\r\na", inChunks, 0, "", true, ""},
		{"large digits and spaces", "A \t\r\n0123456789\r\n0\r\n\r\n", inChunks, 0, "0123456789", false, ""},
		{"longer than it says", "1\r\nab\r\n0\r\n\r\n", inChunks, 0, "a", true, ""},
		{"bare line feeds", "1\na\n0\n\n", inChunks, 0, "", true, ""},
		{"a bare line feed after a chunk", "1\r\na\n0\r\n\r\n", inChunks, 0, "a", true, ""},
		{"a return within a line", "1;\r;\r\na\r\n0\r\n\r\n", inChunks, 0, "", true, ""},
		{"a size without end", strings.Repeat("0", 3*len(buffer{})), inChunks, 0, "", true, ""},
		{"many long extensions", strings.Repeat("1;"+strings.Repeat("x", 4000)+"\r\na\r\n", 5), inChunks, 0, "aaaa", true, ""},
		{"a line that is too long, received at once or not", "1;" + strings.Repeat("x", lineLimit) + "\r\na\r\n0\r\n\r\n", inChunks, 0, "", true, ""},
		{"long extensions of large chunks", strings.Repeat("2000;"+strings.Repeat("x", 4000)+"\r\n"+strings.Repeat("a", 0x2000)+"\r\n", 9) + "0\r\n\r\n", inChunks, 0, strings.Repeat("a", 9*0x2000), false, ""},
		{"a length", "abcnext", byLength, 3, "abc", false, "next"},
		{"nothing", "next", byLength, 0, "", false, "next"},
		{"less than its length", "abc", byLength, 4, "abc", true, ""},
		{"until the connection ends", "abc", untilEOF, 0, "abc", false, ""},
	}
	for _, test := range tests {
		for name, pieces := range map[string]func(io.Reader) io.Reader{
			"at once": func(r io.Reader) io.Reader { return r }, "by bytes": iotest.OneByteReader, "with the end": iotest.DataErrReader,
		} {
			b := received(test.wire, test.framing, test.length, pieces)
			c := b.conn
			got, err := io.ReadAll(b)
			if string(got) != test.want || (err != nil) != test.fails {
				t.Errorf("%s, %s: %q, %v", test.why, name, got, err)
			}
			if test.fails {
				continue
			}
			left := string(c.unread)
			rest, _ := io.ReadAll(c.Conn)
			if left += string(rest); !b.AtEnd() || left != test.left {
				t.Errorf("%s, %s: %q is left, want %q", test.why, name, left, test.left)
			}
		}
	}
}

// The end of a body is known before it is read if it has been received.
func TestAtEnd(t *testing.T) {
	for rest, want := range map[string]bool{
		"\r\n0\r\n\r\n": true, "0\r\n\r\n": true, "\r\n0\r\n": false, "": false, "\r\n": false, "10\r\n\r\n": false, "\r\n1\r\n0\r\n\r\n": false,
	} {
		b := received(rest, inChunks, 0, func(r io.Reader) io.Reader { return r })
		if rest != "" && b.conn.fill() != nil {
			t.Fatal("nothing was received")
		}
		b.chunked.inChunk = strings.HasPrefix(rest, "\r\n")
		if b.AtEnd() != want {
			t.Errorf("%q: %v, want %v", rest, !want, want)
		}
	}
}

// net/http's reader gets the same bytes from all that this one accepts. It accepts
// more only after the last chunk, where it does not look.
func FuzzChunkedBody(f *testing.F) {
	f.Add("2\r\nab\r\n3;x=1\r\ncde\r\n0\r\n\r\nnext", 3)
	f.Add("1\r\na\r\n0\r\nX-Sum: 1\r\nY: 2\r\n\r\n", 1)
	f.Add("0 ;\r\n00\r\n\r\n", 64)
	f.Add("A \r\n0123456789\r\n0\r\n\r\n", 100)
	f.Fuzz(func(t *testing.T, wire string, size int) {
		want, refused := io.ReadAll(httputil.NewChunkedReader(strings.NewReader(wire)))
		got, err := io.ReadAll(received(wire, inChunks, 0, func(r io.Reader) io.Reader { return &packets{r, max(1, size&0xfff)} }))
		if err == nil && (refused != nil || !bytes.Equal(got, want)) {
			t.Errorf("%q is %q, but %q by http, %v", wire, got, want, refused)
		}
		if refused == nil && !bytes.HasPrefix(want, got) {
			t.Errorf("%q is %q, %v, but %q by http", wire, got, err, want)
		}
		if refused == nil && err != nil && len(got) != len(want) {
			t.Errorf("%q ends after %d of %d bytes: %v", wire, len(got), len(want), err)
		}
	})
}

// packets reads size bytes at a time.
type packets struct {
	io.Reader
	size int
}

func (p *packets) Read(b []byte) (int, error) { return p.Reader.Read(b[:min(p.size, len(b))]) }
