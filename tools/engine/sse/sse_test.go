package sse

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// got is an event as text, which stays valid.
type got struct{ Type, Data string }

// reading returns the bytes of a reader as pieces.
type reading struct {
	io.Reader
	buffer [4096]byte
	after  error
}

func (r *reading) Next() ([]byte, error) {
	for {
		if r.after != nil {
			return nil, r.after
		}
		n, err := r.Reader.Read(r.buffer[:])
		if r.after = err; n > 0 {
			return r.buffer[:n], nil
		}
	}
}

func readAll(r io.Reader, limit int) (events []got, err error) {
	for event, e := range Read(&reading{Reader: r}, limit) {
		if err != nil {
			panic("something came after the error")
		}
		if err = e; e == nil {
			events = append(events, got{event.Type, string(event.Data)})
		}
	}
	return events, err
}

func TestRead(t *testing.T) {
	tests := []struct {
		why    string
		stream string
		want   []got
		err    error
	}{
		{"nothing at all", "", nil, nil},
		{"the usual form", "data: a\n\ndata: b\n\n", []got{{"", "a"}, {"", "b"}}, nil},
		{"CRLF, as some proxies make of it", "data: a\r\n\r\ndata: b\r\n\r\n", []got{{"", "a"}, {"", "b"}}, nil},
		{"no space after the colon", "data:a\n\n", []got{{"", "a"}}, nil},
		{"only one space is taken", "data:  a\n\n", []got{{"", " a"}}, nil},
		{"several lines are one event", "data: a\ndata:\ndata: b\n\n", []got{{"", "a\n\nb"}}, nil},
		{"comments keep a queued request alive", ": ping\n\n:\n\n: x\ndata: a\n: y\n\n", []got{{"", "a"}}, nil},
		{"id, retry and unknown fields mean nothing to us", "id: 1\nretry: 10\nfoo\ndata: a\n\n", []got{{"", "a"}}, nil},
		{"blank lines are not events", "\n\n\ndata: a\n\n\n\n", []got{{"", "a"}}, nil},
		{"a name holds for one event", "event: delta\ndata: a\n\ndata: b\n\n", []got{{"delta", "a"}, {"", "b"}}, nil},
		{"a name without data is not an event and is forgotten", "event: delta\n\ndata: b\n\n", []got{{"", "b"}}, nil},
		{"the same name again", "event: delta\ndata: a\n\nevent: delta\ndata: b\n\n", []got{{"delta", "a"}, {"delta", "b"}}, nil},
		{"a named error", "event: error\ndata: no\n\n", []got{{"error", "no"}}, nil},
		{"a named error that says nothing is still one", "event: error\n\n", []got{{"error", ""}}, nil},
		{"an error line, as llama.cpp sent it", "data: a\n\nerror: {\"code\":500}\n\n", []got{{"", "a"}, {"error", "{\"code\":500}"}}, nil},
		{"bare JSON where an event was due", "data: a\n\n{\"error\":\"x\"}\n", []got{{"", "a"}, {"error", "{\"error\":\"x\"}"}}, nil},
		{"empty data is an event", "data:\n\n", []got{{"", ""}}, nil},
		{"a byte order mark at the start", "\xef\xbb\xbfdata: a\n\n", []got{{"", "a"}}, nil},
		{"a colon within the data", "data: a: b\n\n", []got{{"", "a: b"}}, nil},
		{"cut before the blank line", "data: a\n\ndata: b\n", []got{{"", "a"}}, io.ErrUnexpectedEOF},
		{"cut within a line", "data: a\n\ndata: b", []got{{"", "a"}}, io.ErrUnexpectedEOF},
		{"cut within a field's name", "data: a\n\nda", []got{{"", "a"}}, io.ErrUnexpectedEOF},
		{"cut after a name", "event: delta\n", nil, io.ErrUnexpectedEOF},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			readers := map[string]io.Reader{
				"whole":          strings.NewReader(test.stream),
				"byte by byte":   iotest.OneByteReader(strings.NewReader(test.stream)),
				"EOF with data":  iotest.DataErrReader(strings.NewReader(test.stream)),
				"7-byte packets": &packets{[]byte(test.stream), 7},
			}
			for how, r := range readers {
				events, err := readAll(r, 100)
				if diff := cmp.Diff(test.want, events); diff != "" {
					t.Errorf("%s (-want +got):\n%s", how, diff)
				}
				if !errors.Is(err, test.err) {
					t.Errorf("%s: error %v, want %v", how, err, test.err)
				}
			}
		})
	}
}

// packets reads size bytes at a time.
type packets struct {
	rest []byte
	size int
}

func (p *packets) Read(b []byte) (int, error) {
	if len(p.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(b, p.rest[:min(p.size, len(p.rest))])
	p.rest = p.rest[n:]
	return n, nil
}

func TestLongEvent(t *testing.T) {
	long := strings.Repeat("x", 1<<20)
	stream := "data: a\n\ndata: " + long + "\n\ndata: b\n\n"
	events, err := readAll(strings.NewReader(stream), 2<<20)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]got{{"", "a"}, {"", long}, {"", "b"}}, events); diff != "" {
		t.Errorf("a line of 1 MB did not come whole: %.200s", diff)
	}
}

func TestLimit(t *testing.T) {
	tests := []struct {
		why    string
		stream string
		ok     bool
	}{
		{"just within", "data: 4567890\n\n", true},
		{"one line too long", "data: 4567890123456789\n\n", false},
		{"many lines that are one event", "data: 1\ndata: 2\ndata: 3\n\n", false},
		{"comments count for no event", ": 34567890\n: 34567890\ndata: a\n\n", true},
		{"nor do events before", "data: 456789\n\ndata: 456789\n\n", true},
		{"a comment without end", ":" + strings.Repeat(" ", 9000), false},
		{"data without end", "data:" + strings.Repeat("x", 9000), false},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			_, err := readAll(strings.NewReader(test.stream), 16)
			if test.ok != (err == nil) {
				t.Fatalf("error %v", err)
			}
			if err != nil && err.Error() != "an event of more than 16 bytes" {
				t.Errorf("error %q does not name the limit", err)
			}
		})
	}
}

func TestReadError(t *testing.T) {
	reset := errors.New("reset")
	events, err := readAll(io.MultiReader(strings.NewReader("data: a\n\ndata: b"), iotest.ErrReader(reset)), 100)
	if diff := cmp.Diff([]got{{"", "a"}}, events); diff != "" {
		t.Error(diff)
	}
	if !errors.Is(err, reset) {
		t.Errorf("error %v, want the reader's own", err)
	}
}

// A consumer that has seen the end does not wait for more, which may never come.
func TestReadsNoFurtherThanAsked(t *testing.T) {
	in := io.MultiReader(strings.NewReader("data: [DONE]\n\n"), iotest.ErrReader(errors.New("read on")))
	for event, err := range Read(&reading{Reader: in}, 100) {
		if err != nil {
			t.Fatal(err)
		}
		if string(event.Data) == "[DONE]" {
			break
		}
	}
}

func TestNoAllocationPerEvent(t *testing.T) {
	read := func(events int) float64 {
		stream := []byte(strings.Repeat("event: delta\ndata: abc\n\n", events))
		in := bytes.NewReader(stream)
		pieces := &reading{Reader: in}
		return testing.AllocsPerRun(100, func() {
			in.Reset(stream)
			pieces.after = nil
			for range Read(pieces, 1000) {
			}
		})
	}
	if few, many := read(1), read(1000); many > few+2 { // the pool may be emptied in between
		t.Errorf("%v allocations for one event, %v for 1000", few, many)
	}
}

// The reader agrees with a plain reader of the whole text, however that is cut.
func FuzzRead(f *testing.F) {
	f.Add("data: a\n\ndata: b\r\n\r\n", 1)
	f.Add("event: error\ndata: a\ndata:\n\n: c\nerror: x\n{}\n\nda", 7)
	f.Add("\xef\xbb\xbfdata\n\nevent: x\n\n", 3)
	f.Fuzz(func(t *testing.T, stream string, size int) {
		want, whole := plainly(stream)
		events, err := readAll(&packets{[]byte(stream), max(1, size&0xff)}, len(stream)+1)
		if diff := cmp.Diff(want, events); diff != "" {
			t.Error(diff)
		}
		if whole != (err == nil) || err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("error %v, whole %v", err, whole)
		}
	})
}

// plainly reads a complete stream; whole reports whether no event is incomplete.
func plainly(stream string) (events []got, whole bool) {
	lines := strings.Split(strings.TrimPrefix(stream, "\xef\xbb\xbf"), "\n")
	rest := lines[len(lines)-1]
	if !strings.Contains(stream, "\n") {
		rest = stream
	}
	name, begun := "", false
	var data []string
	for _, line := range lines[:len(lines)-1] {
		line = strings.TrimSuffix(line, "\r")
		key, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		switch {
		case line == "":
			if data != nil || name == Failed {
				events = append(events, got{name, strings.Join(data, "\n")})
			}
			name, data, begun = "", nil, false
		case key == "data":
			data, begun = append(data, value), true
		case key == "event":
			name, begun = value, true
		case key == "error":
			events = append(events, got{Failed, value})
			name, data, begun = "", nil, false
		case line[0] == '{':
			events = append(events, got{Failed, line})
			name, data, begun = "", nil, false
		}
	}
	return events, !begun && rest == ""
}

func BenchmarkRead(b *testing.B) {
	const events = 1000
	chunk := `data: {"id":"cmpl-1","object":"text_completion","created":1700000000,"model":"m","choices":[{"index":0,"text":" hello","logprobs":null,"finish_reason":null,"stop_reason":null}],"usage":null}` + "\n\n"
	stream := []byte(strings.Repeat(chunk, events))
	in := bytes.NewReader(stream)
	b.SetBytes(int64(len(stream)))
	b.ReportAllocs()
	for b.Loop() {
		in.Reset(stream)
		n := 0
		for _, err := range Read(&reading{Reader: in}, 1<<20) {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
		if n != events {
			b.Fatal(n)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/events, "ns/event")
}
