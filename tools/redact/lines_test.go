package redact

import (
	"errors"
	"io"
	"strings"
	"testing"
)

// copied returns what a Writer makes of a text that comes in pieces of size bytes.
func copied(t *testing.T, text string, size int, secrets ...string) string {
	t.Helper()
	var got strings.Builder
	w := NewWriter(&got, secrets...)
	for rest := text; rest != ""; {
		n := min(size, len(rest))
		if written, err := io.WriteString(w, rest[:n]); written != n || err != nil {
			t.Fatalf("wrote %d of %d: %v", written, n, err)
		}
		rest = rest[n:]
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return got.String()
}

func TestLines(t *testing.T) {
	for _, test := range []struct{ why, text, want string }{
		{"a variable", "      HF_TOKEN:  hf_planted\n", "      HF_TOKEN:  xxxxx\n"},
		{"a variable with a reference", "      HF_TOKEN:  <set to the key 'token' in secret 'hf'>  Optional: false\n", "      HF_TOKEN:  <set to the key 'token' in secret 'hf'>  Optional: false\n"},
		{"variables that are not secret", "      MAX_TOKEN:  4096\n      MODEL:  m\n", "      MAX_TOKEN:  4096\n      MODEL:  m\n"},
		{"a flag and its value on two lines", "      --api-key\n      planted\n      --port\n      8000\n", "      --api-key\n      xxxxx\n      --port\n      8000\n"},
		{"a flag in one word", "      --api-key=sk-planted\n", "      --api-key=xxxxx\n"},
		{"a flag in one line", "vllm serve m --api-key sk-planted --port 1\n", "vllm serve m --api-key xxxxx --port 1\n"},
		{"arguments as vLLM logs them", "args: {'api_key': ['sk-planted'], 'port': 1}\n", "args: {'api_key': ['xxxxx'], 'port': 1}\n"},
		{"no key", "args: Namespace(api_key=None, port=1) token: 5\n", "args: Namespace(api_key=None, port=1) token: 5\n"},
		{"a header", "Authorization: Bearer eyJh.planted/+=\n", "Authorization: Bearer xxxxx\n"},
		{"a word after bearer", "the bearer of it\n", "the bearer of it\n"},
		{"a token of Hugging Face by its shape", "got hf_AbCdEfGhIjKlMnOpQrStUv.\n", "got hf_xxxxx.\n"},
		{"a key of OpenAI by its shape", "got sk-AbCdEfGhIjKlMnOp-QrStUv.\n", "got sk-xxxxx.\n"},
		{"a variable that only begins as a token", "hf_home=/x sk-short\n", "hf_home=/x sk-short\n"},
		{"a key that is known", "got key-known-planted!\n", "got xxxxx!\n"},
		{"a known key in a URL", "/?k=" + "key-known-planted%25" + "\n", "/?k=xxxxx%25\n"},
		{"a placeholder that is known", "all EMPTY\n", "all EMPTY\n"},
		{"without a line end", "got key-known-planted", "got xxxxx"},
		{"nothing", "", ""},
	} {
		for _, size := range []int{1, 7, 1000} {
			if got := copied(t, test.text, size, "key-known-planted", "EMPTY"); got != test.want {
				t.Errorf("%s, %d bytes at a time: %q, want %q", test.why, size, got, test.want)
			}
		}
	}
}

func TestALongLineIsCut(t *testing.T) {
	text := strings.Repeat("a", longestLine+1)
	var got strings.Builder
	w := NewWriter(&got)
	if _, err := io.WriteString(w, text); err != nil || got.String() != text {
		t.Errorf("%d of %d bytes were written, %v: want all, to bound the memory", got.Len(), len(text), err)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestTheFilesErrorStays(t *testing.T) {
	w := NewWriter(full{})
	for range 2 {
		if _, err := io.WriteString(w, "line\n"); !errors.Is(err, io.ErrShortWrite) {
			t.Errorf("Write: %v, want the file's error", err)
		}
	}
	if err := w.Flush(); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("Flush: %v, want the file's error", err)
	}
}

func FuzzLines(f *testing.F) {
	f.Add("a line\n--api-key\nsecret\n", "more", 3)
	f.Add("      API_KEY:  ", "\n", 1)
	f.Fuzz(func(t *testing.T, before, after string, size int) {
		const known = "key-known-planted"
		text := before + known + after
		if size <= 0 || len(text) > longestLine {
			t.Skip()
		}
		got := copied(t, text, size, known)
		if strings.Contains(got, known) {
			t.Errorf("%q became %q", text, got)
		}
		if want := copied(t, text, len(text), known); got != want {
			t.Errorf("in pieces of %d bytes %q, at once %q", size, got, want)
		}
	})
}
