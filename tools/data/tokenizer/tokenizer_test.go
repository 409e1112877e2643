package tokenizer

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// text is an entry of testdata/texts.json.
type text struct{ Why, Text string }

// vector holds the ids that the Hugging Face library gives for a text, without special
// tokens around it, and the text that it decodes them to.
type vector struct {
	IDs     []uint32
	Decoded string
}

// The tokenizers in testdata are small ones, trained with the library itself with the
// pipelines of the model families in their names.
func TestIDsMatchTheLibrary(t *testing.T) {
	texts := read[[]text](t, "testdata/texts.json")
	for _, name := range tokenizers(t) {
		t.Run(name, func(t *testing.T) {
			tokenizer := load(t, name)
			vectors := read[[]vector](t, filepath.Join("testdata/ids", name))
			if len(vectors) != len(texts) {
				t.Fatalf("%d vectors for %d texts", len(vectors), len(texts))
			}
			for i, want := range vectors {
				got := tokenizer.Encode(texts[i].Text, false)
				if !slices.Equal(got, want.IDs) {
					t.Errorf("%s, %q: ids\n%v, want\n%v", texts[i].Why, texts[i].Text, got, want.IDs)
				}
				if n := tokenizer.Count(texts[i].Text); n != len(want.IDs) {
					t.Errorf("%s: Count = %d, want %d", texts[i].Why, n, len(want.IDs))
				}
				if decoded := tokenizer.Decode(want.IDs, true); decoded != want.Decoded {
					t.Errorf("%s: %v decodes to %q, want %q", texts[i].Why, want.IDs, decoded, want.Decoded)
				}
			}
		})
	}
}

func TestEncodeWithSpecialTokens(t *testing.T) {
	tests := []struct {
		name, text string
		want       []uint32
		why        string
	}{
		{"llama3.json", "", []uint32{0}, "a template within a sequence"},
		{"mistral.json", "", []uint32{1}, "before"},
		{"t5.json", "", []uint32{2}, "after"},
		{"gpt2prefix.json", "", nil, "no special tokens"},
	}
	for _, test := range tests {
		if got := load(t, test.name).Encode(test.text, true); !slices.Equal(got, test.want) {
			t.Errorf("%s: %q is %v, want %v (%s)", test.name, test.text, got, test.want, test.why)
		}
	}
}

func TestDecodeWithoutSpecialTokens(t *testing.T) {
	tokenizer := load(t, "llama3.json")
	ids := tokenizer.Encode("hello<|eot|>", true)
	if got := tokenizer.Decode(append(ids, 1<<30), false); got != "hello" {
		t.Errorf("got %q, want hello", got)
	}
	if got := tokenizer.Decode(ids, true); got != "<|begin_of_text|>hello<|eot|>" {
		t.Errorf("with special tokens: got %q", got)
	}
}

func TestGoroutinesShareATokenizer(t *testing.T) {
	tokenizer := load(t, "llama3.json")
	want := tokenizer.Encode("Hello! How can I help you today?", false)
	var working sync.WaitGroup
	for range 8 {
		working.Go(func() {
			for range 50 {
				if got := tokenizer.Encode("Hello! How can I help you today?", false); !slices.Equal(got, want) {
					t.Errorf("got %v, want %v", got, want)
				}
			}
		})
	}
	working.Wait()
}

// Each run of invalid bytes counts as one U+FFFD.
func TestInvalidUTF8(t *testing.T) {
	tokenizer := load(t, "qwen2.json")
	if diff := cmp.Diff(tokenizer.Encode("a\ufffdb", false), tokenizer.Encode("a\xff\xfeb", false)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestVocabSize(t *testing.T) {
	if got := load(t, "t5.json").VocabSize(); got != 264 {
		t.Errorf("VocabSize = %d, want 264", got)
	}
}

func tokenizers(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/ids/*.json")
	if err != nil || len(files) < 9 {
		t.Fatalf("%d files of ids, %v", len(files), err)
	}
	for i, file := range files {
		files[i] = filepath.Base(file)
	}
	return files
}

func load(t testing.TB, name string) *Tokenizer {
	t.Helper()
	tokenizer, err := Load(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return tokenizer
}

func read[T any](t *testing.T, name string) (content T) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err == nil {
		err = json.Unmarshal(data, &content)
	}
	if err != nil {
		t.Fatal(err)
	}
	return content
}
