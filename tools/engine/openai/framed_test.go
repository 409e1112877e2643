package openai

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http/httputil"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"
)

// newFramed is a body in bytes that come in pieces.
func newFramed(wire string, chunked bool, length int64, pieces func(io.Reader) io.Reader) *framed {
	l := &link{Conn: incoming{Reader: pieces(strings.NewReader(wire))}, allowed: 1 << 62}
	return &framed{link: l, chunked: chunked, left: length}
}

// incoming is a connection of which only one way is used.
type incoming struct {
	net.Conn
	io.Reader
}

func (i incoming) Read(p []byte) (int, error) { return i.Reader.Read(p) }

func TestFramed(t *testing.T) {
	tests := []struct {
		why     string
		wire    string
		chunked bool
		length  int64
		want    string
		fails   bool
		left    string // unread
	}{
		{"chunks", "2\r\nab\r\n3;x=1\r\ncde\r\n0\r\n\r\nnext", true, 0, "abcde", false, "next"},
		{"no chunk", "0\r\n\r\n", true, 0, "", false, ""},
		{"a trailer that was not announced", "1\r\na\r\n0\r\nX-Sum: 1\r\nY: 2\r\n\r\nnext", true, 0, "a", false, "next"},
		{"a trailer without end", "1\r\na\r\n0\r\nX: " + strings.Repeat("x", lineLimit), true, 0, "a", true, ""},
		{"cut in a trailer", "1\r\na\r\n0\r\nX: 1", true, 0, "a", true, ""},
		{"cut before the end", "1\r\na\r\n", true, 0, "a", true, ""},
		{"cut in a chunk", "9\r\na", true, 0, "a", true, ""},
		{"no size", "z\r\na\r\n", true, 0, "", true, ""},
		{"an empty size", "\r\na\r\n", true, 0, "", true, ""},
		{"a sign", "+1\r\na\r\n0\r\n\r\n", true, 0, "", true, ""},
		{"a size that no chunk has", "fffffffffffffffff\r\na", true, 0, "", true, ""},
		{"large digits and spaces", "A \t\r\n0123456789\r\n0\r\n\r\n", true, 0, "0123456789", false, ""},
		{"longer than it says", "1\r\nab\r\n0\r\n\r\n", true, 0, "a", true, ""},
		{"bare line feeds", "1\na\n0\n\n", true, 0, "", true, ""},
		{"a bare line feed after a chunk", "1\r\na\n0\r\n\r\n", true, 0, "a", true, ""},
		{"a return within a line", "1;\r;\r\na\r\n0\r\n\r\n", true, 0, "", true, ""},
		{"a size without end", strings.Repeat("0", 3*len(room{})), true, 0, "", true, ""},
		{"many long extensions", strings.Repeat("1;"+strings.Repeat("x", 4000)+"\r\na\r\n", 5), true, 0, "aaaa", true, ""},
		{"a line that is too long, received at once or not", "1;" + strings.Repeat("x", lineLimit) + "\r\na\r\n0\r\n\r\n", true, 0, "", true, ""},
		{"long extensions of large chunks", strings.Repeat("2000;"+strings.Repeat("x", 4000)+"\r\n"+strings.Repeat("a", 0x2000)+"\r\n", 9) + "0\r\n\r\n", true, 0, strings.Repeat("a", 9*0x2000), false, ""},
		{"a length", "abcnext", false, 3, "abc", false, "next"},
		{"nothing", "next", false, 0, "", false, "next"},
		{"less than its length", "abc", false, 4, "abc", true, ""},
	}
	for _, test := range tests {
		for name, pieces := range map[string]func(io.Reader) io.Reader{
			"at once": func(r io.Reader) io.Reader { return r }, "by bytes": iotest.OneByteReader, "with the end": iotest.DataErrReader,
		} {
			f := newFramed(test.wire, test.chunked, test.length, pieces)
			got, err := io.ReadAll(f)
			if string(got) != test.want || (err != nil) != test.fails {
				t.Errorf("%s, %s: %q, %v", test.why, name, got, err)
			}
			if test.fails {
				continue
			}
			if left, _ := io.ReadAll(f.link); !f.atEnd() || string(left) != test.left {
				t.Errorf("%s, %s: %q is left, want %q", test.why, name, left, test.left)
			}
		}
	}
}

// The end of a body is known before it is read if it has been received.
func TestFramedKnowsItsEnd(t *testing.T) {
	for rest, want := range map[string]bool{
		"\r\n0\r\n\r\n": true, "0\r\n\r\n": true, "\r\n0\r\n": false, "": false, "\r\n": false, "10\r\n\r\n": false, "\r\n1\r\n0\r\n\r\n": false,
	} {
		f := newFramed(rest, true, 0, func(r io.Reader) io.Reader { return r })
		if rest != "" && f.link.fill() != nil {
			t.Fatal("nothing was received")
		}
		f.begun = strings.HasPrefix(rest, "\r\n")
		if f.atEnd() != want {
			t.Errorf("%q: %v, want %v", rest, !want, want)
		}
	}
}

// An event that came within a chunk which has not ended came when it came, whatever
// the head is like.
func TestAnEventBeforeItsChunkEnds(t *testing.T) {
	for why, head := range map[string]string{
		"usual": string(ok), "a provisional answer before": "HTTP/1.1 102 Processing\r\n\r\n" + string(ok),
		"Latin-1": strings.Replace(string(ok), "\r\n", "\r\nX: \xe4\r\n", 1),
	} {
		synctest.Test(t, func(t *testing.T) {
			a, b := event("a"), event("b")
			size := fmt.Sprintf("%x\r\n", len(a+b))
			c := playing(raw(head), second, raw(size+a), second, raw(b+"\r\n"), done, end).client(t, Config{})
			reply, err := c.Stream(t.Context(), question)
			if want := []time.Duration{second, 2 * second}; err != nil || !slices.Equal(reply.Chunks, want) || reply.Text != "ab" {
				t.Errorf("%s: chunks at %v, want %v; %q, %v", why, reply.Chunks, want, reply.Text, err)
			}
		})
	}
}

// http's reader makes the same of all that this one accepts, and accepts no more
// but where it does not look: after the last chunk.
func FuzzFramed(f *testing.F) {
	f.Add("2\r\nab\r\n3;x=1\r\ncde\r\n0\r\n\r\nnext", 3)
	f.Add("1\r\na\r\n0\r\nX-Sum: 1\r\nY: 2\r\n\r\n", 1)
	f.Add("0 ;\r\n00\r\n\r\n", 64)
	f.Add("A \r\n0123456789\r\n0\r\n\r\n", 100)
	f.Fuzz(func(t *testing.T, wire string, size int) {
		want, refused := io.ReadAll(httputil.NewChunkedReader(strings.NewReader(wire)))
		got, err := io.ReadAll(newFramed(wire, true, 0, func(r io.Reader) io.Reader { return &packets{r, max(1, size&0xfff)} }))
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
