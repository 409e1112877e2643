package openai

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// told is what either way of reading a chunk makes of it.
type told struct {
	Choices      int
	Text, Finish string
	Some         bool
	Counted      bool
	Usage        Usage
}

func byScan(data string) (told, bool) {
	var c scanned
	if !c.scan([]byte(data)) {
		return told{}, false
	}
	answer, some := c.answer()
	var out text
	answer.writeTo(&out)
	return told{c.choices, out.take(), string(c.finish.raw), some, c.counted, c.usage}, true
}

func byUnmarshal(data string) (told, bool) {
	var c chunk
	if json.Unmarshal([]byte(data), &c) != nil || c.failed() {
		return told{}, false
	}
	text, some := c.text()
	t := told{Choices: len(c.Choices), Text: text, Finish: c.finish(), Some: some, Counted: c.Usage != nil}
	if c.Usage != nil {
		t.Usage = c.usage()
	}
	return t, true
}

// Chunks as engines send them, and what is near to them.
var chunks = map[string]struct {
	data  string
	usual bool // the scan reads it
}{
	"vLLM":                 {vllmChunk, true},
	"chat":                 {`{"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"role":"assistant","content":"hi"},"logprobs":null,"finish_reason":null}]}`, true},
	"reasoning":            {`{"choices":[{"delta":{"reasoning_content":"hm","content":null}}]}`, true},
	"the other reasoning":  {`{"choices":[{"delta":{"reasoning":"hm"}}]}`, true},
	"llm-d's simulator":    {`{"id":"c","model":"m","object":"text_completion","created":1,"usage":null,"choices":[{"index":0,"finish_reason":null,"text":"@"}]}`, true},
	"its end of a chat":    {`{"id":"c","model":"m","created":1,"usage":null,"choices":[{"index":0,"finish_reason":"stop","delta":{}}]}`, true},
	"GuideLLM's mock":      {`{"id": "c", "model": "m", "choices": [{"text": " ", "index": 1, "finish_reason": null}]}`, true}, // it counts chunks as index
	"end":                  {`{"choices":[{"text":"","finish_reason":"stop","stop_reason":128009}],"usage":null}`, true},
	"usage":                {`{"choices":[],"usage":{"prompt_tokens":12,"total_tokens":15,"completion_tokens":3,"prompt_tokens_details":{"cached_tokens":8}}}`, true},
	"usage without detail": {`{"choices":[],"usage":{"prompt_tokens":12,"completion_tokens":null,"prompt_tokens_details":null}}`, true},
	"usage and text":       {`{"choices":[{"text":"a"}],"usage":{"prompt_tokens":1,"completion_tokens":1}}`, true},
	"logprobs":             {`{"choices":[{"text":"a","logprobs":{"tokens":["a"],"token_logprobs":[-1.5e-3],"top_logprobs":[{"a":-0}]}}]}`, true},
	"escapes":              {`{"choices":[{"text":"\n\t\"\\\/\b\f\r\u00e4\u4e2d a"}]}`, true},
	"beyond ASCII":         {`{"choices":[{"text":"äö 中"}]}`, true},
	"spaces":               {" { \"choices\" : [ { \"text\" : \"a\" } ] , \"usage\" : null }\n", true},
	"no choices":           {`{"choices":null}`, true},
	"a choice of null":     {`{"choices":[null]}`, true},
	"no error":             {`{"error":null,"choices":[{"text":"a"}]}`, true},
	"text twice":           {`{"choices":[{"text":"a","text":"b"}]}`, true},
	"text and content":     {`{"choices":[{"text":"a","delta":{"content":"b"}}]}`, true},
	"empty key":            {`{"":1,"choices":[{"text":"a"}]}`, true},

	"an error":             {`{"error":{"message":"no"}}`, false},
	"an error by object":   {`{"object":"error","message":"no"}`, false},
	"a false error":        {`{"error":false,"choices":[]}`, false},
	"two choices":          {`{"choices":[{"text":"a"},{"text":"b"}]}`, false},
	"a key in capitals":    {`{"Choices":[{"text":"a"}]}`, false},
	"a key by Unicode":     {`{"choice` + "\u017f" + `":[{"text":"a"}]}`, false},
	"an escaped key":       {`{"choice\u0073":[{"text":"a"}]}`, false},
	"choices twice":        {`{"choices":[{"text":"a"}],"choices":[{}]}`, false},
	"usage twice":          {`{"usage":{"prompt_tokens":1},"usage":null}`, false},
	"a rune of 21 bits":    {`{"choices":[{"text":"\ud83d\ude00"}]}`, false},
	"half of one":          {`{"choices":[{"text":"\ud83d"}]}`, false},
	"broken UTF-8":         {"{\"choices\":[{\"text\":\"\xff\"}]}", false},
	"a count of a half":    {`{"usage":{"prompt_tokens":0.5}}`, false},
	"a count below zero":   {`{"usage":{"prompt_tokens":-1}}`, false},
	"a count with zeros":   {`{"usage":{"prompt_tokens":01}}`, false},
	"a count beyond all":   {`{"usage":{"prompt_tokens":99999999999999999999}}`, false},
	"a number as text":     {`{"choices":[{"text":1}]}`, false},
	"a cut":                {`{"choices":[{"text":"a"}]`, false},
	"more after it":        {`{"choices":[]}x`, false},
	"a comma too many":     {`{"choices":[{"text":"a",}]}`, false},
	"a bad number aside":   {`{"created":1.,"choices":[]}`, false},
	"a bad word aside":     {`{"created":nul,"choices":[]}`, false},
	"a bad escape aside":   {`{"id":"\x","choices":[]}`, false},
	"a line break in text": {"{\"choices\":[{\"text\":\"\n\"}]}", false},
	"deep":                 {`{"id":` + strings.Repeat("[", 40) + strings.Repeat("]", 40) + `}`, false},
	"no object":            {`["choices"]`, false},
	"nothing":              {``, false},
}

func TestScanReadsWhatUnmarshalDoes(t *testing.T) {
	for name, test := range chunks {
		t.Run(name, func(t *testing.T) {
			got, usual := byScan(test.data)
			if usual != test.usual {
				t.Fatalf("scanned: %v, want %v", usual, test.usual)
			}
			if want, ok := byUnmarshal(test.data); usual && (!ok || got != want) {
				t.Errorf("(-Unmarshal +scan), %v:\n%s", ok, cmp.Diff(want, got))
			}
		})
	}
}

// Every byte at every place of a word, alone and in company, is read or not as it should be.
func TestScanEveryByteEverywhere(t *testing.T) {
	for c := range 256 {
		for at := range 20 {
			letters := []byte(strings.Repeat("a", 20))
			letters[at] = byte(c)
			for _, other := range []string{"", "\x1f", "\x80", "!"} {
				data := `{"choices":[{"text":"` + string(letters) + other + `"}]}`
				got, ok := byScan(data)
				want, valid := byUnmarshal(data)
				if diff := cmp.Diff(want, got); ok && (!valid || diff != "") {
					t.Fatalf("%q: %s", data, diff)
				}
				if plain := c >= ' ' && c < 0x7f && c != '"' && c != '\\' && (other == "" || other == "!"); plain && !ok {
					t.Fatalf("%q was not read", data)
				}
			}
		}
	}
}

func FuzzScan(f *testing.F) {
	for _, test := range chunks {
		f.Add(test.data)
	}
	f.Fuzz(func(t *testing.T, data string) {
		got, usual := byScan(data)
		if want, ok := byUnmarshal(data); usual && (!ok || got != want) {
			t.Errorf("%q (-Unmarshal +scan), %v:\n%s", data, ok, cmp.Diff(want, got))
		}
	})
}

func TestScanAllocatesNothing(t *testing.T) {
	data := []byte(vllmChunk)
	var c scanned
	if n := testing.AllocsPerRun(100, func() {
		if !c.scan(data) {
			t.Error("an everyday chunk is unusual")
		}
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
