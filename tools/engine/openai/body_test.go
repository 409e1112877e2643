package openai

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/LMCache/LMBench/tools/data/chat"
)

func TestRequestBody(t *testing.T) {
	const rest = `"max_tokens":20,"temperature":0.0,"stream":true,"stream_options":{"include_usage":true}`
	tests := []struct {
		why     string
		request Request
		want    string
	}{
		{"completions", Request{Model: "m", Prompt: chat.Text{"a", "", "b"}, MaxTokens: 20},
			`{"model":"m","prompt":"ab",` + rest + `}`},
		{"no prompt is an empty one", Request{Model: "m", MaxTokens: 20},
			`{"model":"m","prompt":"",` + rest + `}`},
		{"chat", Request{Model: "m", MaxTokens: 20, Messages: []chat.Message{
			{Role: chat.System, Content: chat.Text{"s"}}, {Role: chat.User, Content: chat.Text{"u", "v"}}}},
			`{"model":"m","messages":[{"role":"system","content":"s"},{"role":"user","content":"uv"}],` + rest + `}`},
		{"a named speaker", Request{Model: "m", MaxTokens: 20, Messages: []chat.Message{{Role: chat.User, Name: "n"}}},
			`{"model":"m","messages":[{"role":"user","name":"n","content":""}],` + rest + `}`},
		{"chat without a message is still chat", Request{Model: "m", MaxTokens: 20, Messages: []chat.Message{}},
			`{"model":"m","messages":[],` + rest + `}`},
		{"ignore_eos is sent when asked for", Request{Model: "m", MaxTokens: 20, IgnoreEOS: true},
			`{"model":"m","prompt":"",` + rest + `,"ignore_eos":true}`},
		{"every string is escaped", Request{Model: `"\`, Prompt: chat.Text{"\n\x01é\x7f<"}, MaxTokens: 20},
			`{"model":"\"\\","prompt":"\n\u0001é` + "\x7f" + `<",` + rest + `}`},
		{"temperatures stay decimal numbers", Request{Model: "m", MaxTokens: 20, Temperature: 0.7},
			`{"model":"m","prompt":"",` + strings.Replace(rest, "0.0", "0.7", 1) + `}`},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			b := test.request.backend().Body(&test.request)
			got, err := io.ReadAll(iotest.OneByteReader(b.reader()))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, string(got)); diff != "" {
				t.Error(diff)
			}
			if !json.Valid(got) {
				t.Error("no valid JSON")
			}
			if err := iotest.TestReader(b.reader(), []byte(test.want)); err != nil {
				t.Error(err)
			}
			if b.length() != int64(len(test.want)) {
				t.Errorf("length %d, want %d", b.length(), len(test.want))
			}
		})
	}
}

// A text is written as encoding/json writes it, wherever its pieces are cut.
func FuzzBody(f *testing.F) {
	f.Add("plain text of more than eight bytes", uint8(3), uint8(5), uint8(7))
	f.Add("\"\\\b\f\n\r\t\x00\x1f\x7f", uint8(1), uint8(1), uint8(1))
	f.Add("é漢🙂\u2028\u2029\ufffd", uint8(1), uint8(1), uint8(2))
	f.Add("\xf0\x9f\x99", uint8(1), uint8(1), uint8(4))
	f.Add("\xc3\xc3\xa9\xff", uint8(1), uint8(0), uint8(3))
	f.Fuzz(func(t *testing.T, s string, first, second, packet uint8) {
		var text chat.Text
		rest := s
		for _, size := range []uint8{first, 0, second, first, second} {
			n := min(int(size), len(rest))
			text, rest = append(text, rest[:n]), rest[n:]
		}
		text = append(text, rest)

		b := Body{{JSON: `"`, Text: text}, {JSON: `"`}}
		got, err := io.ReadAll(&packets{b.reader(), int(packet) + 1})
		if err != nil {
			t.Fatal(err)
		}
		if want := encoded(t, s); want != string(got) {
			t.Errorf("%q in pieces %q:\ngot  %s\nwant %s", s, text, got, want)
		}
		if b.length() != int64(len(got)) {
			t.Errorf("length %d, but %d were read", b.length(), len(got))
		}
	})
}

// packets reads size bytes at a time.
type packets struct {
	io.Reader
	size int
}

func (p *packets) Read(b []byte) (int, error) { return p.Reader.Read(b[:min(p.size, len(b))]) }

func encoded(t *testing.T, s string) string {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(out.String(), "\n")
}

// Every byte, at every place within the eight looked at together.
func TestEscapeEveryByte(t *testing.T) {
	for c := range 256 {
		for at := range 17 {
			s := strings.Repeat("x", at) + string([]byte{byte(c)}) + strings.Repeat("y", 17-at)
			got, err := io.ReadAll(Body{{JSON: `"`, Text: chat.Text{s}}, {JSON: `"`}}.reader())
			if err != nil {
				t.Fatal(err)
			}
			if want := encoded(t, s); string(got) != want {
				t.Fatalf("byte %#x at %d: %s, want %s", c, at, got, want)
			}
		}
	}
}

func BenchmarkBody(b *testing.B) {
	texts := map[string]string{
		"clean": strings.Repeat("hi ", 1<<18),
		"lines": strings.Repeat(strings.Repeat("hi ", 26)+"\n", 1<<13),
		"han":   strings.Repeat("漢字", 1<<16),
	}
	for name, text := range texts {
		if !utf8.ValidString(text) {
			b.Fatal(name)
		}
		request := Request{Model: "m", Prompt: chat.Text{text, text}}
		b.Run(name, func(b *testing.B) {
			body := request.backend().Body(&request)
			length := body.length()
			buffer := make([]byte, 32<<10)
			b.SetBytes(length)
			b.ReportAllocs()
			for b.Loop() {
				if n, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, body.reader(), buffer); n != length {
					b.Fatal(n, err)
				}
			}
		})
	}
	b.Run("length of clean", func(b *testing.B) {
		body := Completions().Body(&Request{Prompt: chat.Text{texts["clean"]}})
		b.SetBytes(body.length())
		for b.Loop() {
			body.length()
		}
	})
}
