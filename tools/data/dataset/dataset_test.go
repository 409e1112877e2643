package dataset

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/LMCache/LMBench/tools/data/tokenizer"
)

// vector holds the requests that vLLM's own classes made of a data set, with Hugging
// Face's tokenizers and numpy.
type vector struct {
	Kind, Tokenizer string
	Options         json.RawMessage
	Seed            uint32
	N               int
	Requests        [][3]any
	Python, Numpy   string // next number of each stream
}

func (v *vector) name() string {
	return fmt.Sprintf("%s %s of %s, seed %d, %d", v.Kind, v.Options, v.Tokenizer, v.Seed, v.N)
}

func (v *vector) want() (requests []Request) {
	for _, r := range v.Requests {
		requests = append(requests, Request{r[0].(string), int(r[1].(float64)), int(r[2].(float64))})
	}
	return requests
}

func vectors(t *testing.T) []vector {
	t.Helper()
	data, err := os.ReadFile("testdata/vllm.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []vector
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func modelOf(t *testing.T, name string) *Model {
	t.Helper()
	tokenizer, err := tokenizer.Load(filepath.Join("..", "tokenizer", "testdata", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return &Model{Tokenizer: tokenizer, Chat: func(user string) (string, error) {
		return "<|im_start|>user\n" + user + "<|im_end|>\n<|im_start|>assistant\n", nil
	}}
}

// named returns the data set of a name.
func named(t *testing.T, name string) Dataset {
	t.Helper()
	for _, d := range All() {
		if d.Info().Name == name {
			return d
		}
	}
	t.Fatalf("no data set %q", name)
	return nil
}

func TestRequestsMatchVLLM(t *testing.T) {
	files := map[string]string{"random": "", "sharegpt": "sharegpt.json", "custom": "custom.jsonl", "sonnet": "poem.txt", "burstgpt": "burstgpt.csv"}
	for _, v := range vectors(t) {
		file, known := files[v.Kind]
		if !known { // hf, tested in hub_test.go
			continue
		}
		d, options := named(t, v.Kind), struct{ Plain bool }{}
		if err := errors.Join(json.Unmarshal(v.Options, d), json.Unmarshal(v.Options, &options)); err != nil {
			t.Fatal(err)
		}
		draws := NewDraws(v.Seed)
		in := &Input{Path: "testdata/" + file, Draws: draws, Model: modelOf(t, v.Tokenizer), Chat: options.Plain}
		got, err := d.Requests(t.Context(), in, v.N)
		if diff := cmp.Diff(v.want(), got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got)\n%s", v.name(), err, diff)
		}
		if got := fmt.Sprintf("%x", draws.Numpy.Float64()); !sameFloat(got, v.Numpy) {
			t.Errorf("%s: numpy's next number is %s, want %s; arrival times would differ", v.name(), got, v.Numpy)
		}
		if got := fmt.Sprintf("%x", draws.Python.Float64()); !sameFloat(got, v.Python) {
			t.Errorf("%s: Python's next number is %s, want %s; LoRA modules would differ", v.name(), got, v.Python)
		}
	}
}

func sameFloat(a, b string) bool {
	var x, y float64
	_, errA := fmt.Sscan(a, &x)
	_, errB := fmt.Sscan(b, &y)
	return errA == nil && errB == nil && x == y
}

func TestWithoutATokenizerWordsStandForTokens(t *testing.T) {
	count := func(_ context.Context, text string) (int, error) { return len(strings.Fields(text)), nil }
	m := &Model{Count: count}
	d := &Random{PrefixLen: 5, InputLen: 20, OutputLen: 7, RangeRatio: 0.5}
	requests, err := d.Requests(t.Context(), &Input{Draws: NewDraws(1), Model: m}, 50)
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range requests {
		if n, _ := count(nil, r.Prompt); n != r.PromptTokens || n < 5+10 || n > 5+30 || r.OutputTokens < 3 || r.OutputTokens > 11 {
			t.Errorf("request %d: %d words for %d tokens, answer %d", i, n, r.PromptTokens, r.OutputTokens)
		}
		if first := strings.Fields(requests[0].Prompt)[:5]; !strings.HasPrefix(r.Prompt, " "+strings.Join(first, " ")+" ") {
			t.Errorf("request %d does not begin with the shared prefix", i)
		}
	}
}

// vLLM cuts a prompt with a prefix to the length without the prefix (D110).
func TestRandomPrefixAddsToTheInputLength(t *testing.T) {
	m := modelOf(t, "llama3")
	d := &Random{PrefixLen: 40, InputLen: 30, OutputLen: 5}
	requests, err := d.Requests(t.Context(), &Input{Draws: NewDraws(0), Model: m}, 20)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range requests {
		if n := len(m.Tokenizer.Encode(r.Prompt, false)); r.PromptTokens < 65 || n > r.PromptTokens+3 || n < 50 {
			t.Errorf("a prompt of %d tokens claims %d", n, r.PromptTokens)
		}
	}
}

func TestFaultyFilesAreNamed(t *testing.T) {
	write := func(name, text string) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	tests := []struct {
		why  string
		of   Dataset
		path string
		want string
	}{
		{"another extension", &Custom{}, "x.json", "ends in .jsonl"},
		{"a line without a prompt", &Custom{}, write("a.jsonl", "{\"prompt\":\"x\"}\n\n{\"text\":1}\n"), "a.jsonl:3: no prompt"},
		{"a truncated line", &Custom{}, write("a.jsonl", "{\"prompt\":"), "a.jsonl:1:"},
		{"no lengths, although lines should have them", &Custom{OutputLen: -1}, write("a.jsonl", "{\"prompt\":\"x\"}"), "output_tokens"},
		{"an empty file", &Custom{}, write("a.jsonl", "\n"), "no prompts"},
		{"an object instead of a list", &ShareGPT{}, write("s.json", "{}"), "JSON list"},
		{"an entry of the wrong type", &ShareGPT{}, write("s.json", `[{"conversations":[]},{"conversations":7}]`), "entry 2"},
		{"a truncated list", &ShareGPT{}, write("s.json", `[{"conversations":[{"value":"a"},{"value":"b"}]}`), "s.json"},
		{"only one turn", &ShareGPT{}, write("s.json", `[{"conversations":[{"value":"a"}]}]`), "two turns"},
		{"no text long enough", &ShareGPT{}, write("s.json", `[{"conversations":[{"value":"a"},{"value":"b"}]}]`), "4 to 1024 tokens"},
		{"missing columns", &BurstGPT{}, write("b.csv", "a,b\n1,2\n"), "Request tokens"},
		{"not a number", &BurstGPT{}, write("b.csv", "Model,Request tokens,Response tokens\nGPT-4,x,3\n"), `line 2: Request tokens: want a whole number of tokens, got "x"`},
		{"only failures", &BurstGPT{}, write("b.csv", "Model,Request tokens,Response tokens\nGPT-4,5,0\n"), "no answered request"},
		{"no room for a line", &Sonnet{InputLen: 10}, "testdata/poem.txt", "leaves no room"},
		{"a missing file", &Sonnet{}, "testdata/none.txt", "none.txt"},
		{"an unknown data set of the hub", &Hub{}, "x/y", "AI-MO/NuminaMath-CoT"},
		{"an input shorter than the special tokens", &Random{InputLen: 1, OutputLen: 1}, "", "leaves none"},
	}
	for _, test := range tests {
		in := &Input{Path: test.path, Draws: NewDraws(0), Model: modelOf(t, "llama3"), Cache: &Cache{Getenv: os.Getenv}}
		_, err := test.of.Requests(t.Context(), in, 3)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want one with %q", test.why, err, test.want)
		}
	}
	in := &Input{Path: "testdata/custom.jsonl", Draws: NewDraws(0), Model: &Model{}}
	if _, err := (&Custom{OutputLen: 3}).Requests(t.Context(), in, 1); err == nil || !strings.Contains(err.Error(), "--chat-template") {
		t.Errorf("without a chat template: %v", err)
	}
}

func TestCleanUp(t *testing.T) {
	if got := cleanUp("Well , it 's what we don n't ' know ' . Is it ?"); got != "Well, it's what we donn't'know '. Is it?" {
		t.Errorf("%q", got)
	}
}

func FuzzReadCustom(f *testing.F) {
	f.Add("{\"prompt\":\"x\",\"output_tokens\":3}\n", true)
	f.Add("\ufeff{\"prompt\":\"x\",\"output_tokens\":3.0}\n{\"prompt\":\"x\",\"output_tokens\":3.5}", true)
	f.Add("{}\n\x00", false)
	f.Fuzz(func(t *testing.T, text string, needsLength bool) {
		lines, err := readCustom(strings.NewReader(text), "f", needsLength)
		for _, line := range lines {
			if err == nil && (line.Prompt == nil || needsLength && line.OutputTokens == nil) {
				t.Error("accepted a line without prompt or output_tokens")
			}
		}
	})
}

func FuzzReadShareGPT(f *testing.F) {
	f.Add(`[{"conversations":[{"from":"human","value":"a"},{"value":"b"}]},{}]`)
	f.Add("\ufeff" + `[null, 7, {"conversations":[{"role":"user","content":"a"},{"text":5}]}]`)
	f.Add(`[{"conversations":null}`)
	f.Fuzz(func(t *testing.T, text string) {
		if exchanges, err := readShareGPT(strings.NewReader(text), func(string) {}); (err == nil) != (len(exchanges) > 0) {
			t.Errorf("got %d exchanges and error %v", len(exchanges), err)
		}
	})
}

func FuzzReadBurstGPT(f *testing.F) {
	f.Add("Timestamp,Model,Request tokens,Response tokens\n1,GPT-4,2,3\n")
	f.Add("\ufeffModel,Request tokens,Response tokens\nGPT-4,374.0,1e3\nGPT-4,374.5,\n")
	f.Fuzz(func(t *testing.T, text string) {
		rows, err := readBurstGPT(strings.NewReader(text))
		for _, row := range rows {
			if err == nil && (row.output < 1 || row.prompt < 0) {
				t.Errorf("accepted %+v", row)
			}
		}
	})
}

func TestDataSetsAreDeclaredCompletely(t *testing.T) {
	seen := map[string]bool{}
	unique := func(name string) {
		if name == "" || seen[name] {
			t.Errorf("%q is empty or used twice", name)
		}
		seen[name] = true
	}
	for _, d := range All() {
		info := d.Info()
		unique(info.Name)
		if info.Source != File && (info.Public != "" || info.Bundled != "") {
			t.Errorf("%s: has a file, but its source is not File", info.Name)
		}
		for _, o := range d.Options() {
			unique(o.Flag)
			switch o.Field.(type) {
			case *int, *float64, *bool, *string:
			default:
				t.Errorf("--%s sets a field of type %T", o.Flag, o.Field)
			}
			if !strings.HasPrefix(o.Flag, info.Name+"-") || !strings.HasPrefix(o.Help, info.Name+": ") {
				t.Errorf("--%s: want flag and help to start with %s", o.Flag, info.Name)
			}
		}
	}
}
