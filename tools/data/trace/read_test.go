package trace

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const ms = time.Millisecond

func TestRead(t *testing.T) {
	tests := []struct {
		why, file string
		unit      Unit // Auto unless the test says otherwise
		want      Trace
	}{
		{"Mooncake: milliseconds since the first request", `
{"timestamp": 0, "input_length": 6758, "output_length": 500, "hash_ids": [0, 1, 2]}
{"timestamp": 27482, "input_length": 7, "output_length": 5, "hash_ids": []}
`, Auto, Trace{Format: JSONL, Unit: Millisecond, Sorted: true, Requests: []Request{
			{Line: 2, Input: 6758, Output: 500, Blocks: []int64{0, 1, 2}}, {Line: 3, At: 27482 * ms, Input: 7, Output: 5, Blocks: []int64{}}}}},
		{"GMI: nanoseconds since 1970 as strings, with more digits than a float64 holds",
			`{"timestamp": "1753694362340138614", "input_length": 33, "output_length": 1, "hash_ids": [2843241808, 137021281]}
{"timestamp": "1753694362340138615", "input_length": 1, "output_length": 1}`, Auto,
			Trace{Format: JSONL, Unit: Nanosecond, Epoch: 1753694362340138614, Sorted: true, Requests: []Request{
				{Line: 1, Input: 33, Output: 1, Blocks: []int64{2843241808, 137021281}}, {Line: 2, At: 1, Input: 1, Output: 1}}}},
		{"Bailian: seconds with a fraction, and turns of conversations",
			`{"chat_id": 159, "parent_chat_id": -1, "timestamp": 61.114, "input_length": 521, "output_length": 132, "type": "text", "turn": 1, "hash_ids": [1089]}
{"chat_id": 160, "parent_chat_id": 159, "timestamp": 61.2, "input_length": 9, "output_length": 2, "type": "text", "turn": 2, "hash_ids": [1089]}`, Auto,
			Trace{Format: JSONL, Unit: Second, Sorted: true, Requests: []Request{
				{Line: 1, Input: 521, Output: 132, Blocks: []int64{1089}, Chat: 160}, {Line: 2, At: 86 * ms, Input: 9, Output: 2, Blocks: []int64{1089}, Chat: 161, Parent: 160}}}},
		{"Azure 2023: seven digits, no newline at the end",
			"TIMESTAMP,ContextTokens,GeneratedTokens\r\n2023-11-16 18:17:03.9799600,4808,10\r\n2023-11-16 18:17:04.0319600,3180,8", Auto,
			Trace{Format: Azure, Unit: Nanosecond, Epoch: 1700158623979960000, Sorted: true, Requests: []Request{
				{Line: 2, Input: 4808, Output: 10}, {Line: 3, At: 52 * ms, Input: 3180, Output: 8}}}},
		{"Azure 2024: with a time zone", "TIMESTAMP,ContextTokens,GeneratedTokens\n2024-05-10 00:00:00.009930+00:00,2162,5\n2024-05-10 00:00:00.017335+00:00,2399,6\n", Auto,
			Trace{Format: Azure, Unit: Nanosecond, Epoch: 1715299200009930000, Sorted: true, Requests: []Request{
				{Line: 2, Input: 2162, Output: 5}, {Line: 3, At: 7405 * time.Microsecond, Input: 2399, Output: 6}}}},
		{"BurstGPT: seconds, although whole offsets are milliseconds in other formats",
			"Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n5,ChatGPT,472,18,490,Conversation log\n45,GPT-4,1087,230,1317,\"API log\"\n", Auto,
			Trace{Format: BurstGPT, Unit: Second, Sorted: true, Requests: []Request{
				{Line: 2, Input: 472, Output: 18}, {Line: 3, At: 40 * time.Second, Input: 1087, Output: 230}}}},
		{"unsorted lines are sorted, equal times keep their order",
			`{"timestamp": 0.9, "input_length": 1, "output_length": 1}
{"timestamp": 0.1, "input_length": 2, "output_length": 1}
{"timestamp": 0.9, "input_length": 3, "output_length": 1}`, Auto,
			Trace{Format: JSONL, Unit: Second, Requests: []Request{
				{Line: 2, Input: 2, Output: 1}, {Line: 1, At: 800 * ms, Input: 1, Output: 1}, {Line: 3, At: 800 * ms, Input: 3, Output: 1}}}},
		{"a given unit overrides what the timestamps look like", `{"timestamp": 1753694362, "input_length": 1, "output_length": 1}
{"timestamp": 1753694364, "input_length": 1, "output_length": 1}`, Microsecond,
			Trace{Format: JSONL, Unit: Microsecond, Sorted: true, Requests: []Request{{Line: 1, Input: 1, Output: 1}, {Line: 2, At: 2 * time.Microsecond, Input: 1, Output: 1}}}},
		{"hash ids that are strings: equal strings are equal ids",
			`{"timestamp": 0, "input_length": 1, "output_length": 1, "hash_ids": ["a1", "b2", "a1"]}`, Auto,
			Trace{Format: JSONL, Unit: Millisecond, Sorted: true, Requests: []Request{{Line: 1, Input: 1, Output: 1,
				Blocks: []int64{5058693036161613119, 6870999360762168757, 5058693036161613119}}}}},
		{"a byte order mark", "\ufeff{\"timestamp\": 0, \"input_length\": 1, \"output_length\": 1}\n", Auto,
			Trace{Format: JSONL, Unit: Millisecond, Sorted: true, Requests: []Request{{Line: 1, Input: 1, Output: 1}}}},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			got, err := Read("t", strings.NewReader(test.file), test.unit)
			if err != nil {
				t.Fatal(err)
			}
			got.UnitReason = ""
			if diff := cmp.Diff(&test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// An invalid line is reported with file and line, and the others are read.
func TestInvalidLines(t *testing.T) {
	const good = `{"timestamp": 1, "input_length": 1, "output_length": 1}`
	tests := []struct{ line, want string }{
		{`{"timestamp": 1, "input_length": 1`, "not a JSON object: unexpected end of JSON input"},
		{`[1, 2]`, "not a JSON object: json: cannot unmarshal array"},
		{`{}`, `no member "timestamp"` + "\n" + `no member "input_length"` + "\n" + `no member "output_length"`},
		{`{"timestamp": null, "input_length": 1, "output_length": 1}`, `no member "timestamp"`},
		{`{"timestamp": "soon", "input_length": 1, "output_length": 1}`, `timestamp "soon": want a number or a date`},
		{`{"timestamp": true, "input_length": 1, "output_length": 1}`, `timestamp "true": want a number`},
		{`{"timestamp": "2024-05-10 00:00:00", "input_length": 1, "output_length": 1}`, "the timestamp is a date and the earlier ones are numbers"},
		{`{"timestamp": 1, "input_length": 1.5, "output_length": 1}`, "input_length is a JSON number 1.5: want a whole number"},
		{`{"timestamp": 1, "input_length": 0, "output_length": 1}`, "prompt of 0 tokens"},
		{`{"timestamp": 1, "input_length": 5, "output_length": 0}`, "answer of 0 tokens"},
		{`{"timestamp": 1, "input_length": 999999999, "output_length": 1}`, "want at most 100000000"},
		{`{"timestamp": 1, "input_length": 1, "output_length": 1, "hash_ids": 5}`, `hash_ids is "5"`},
		{`{"timestamp": 1, "input_length": 1, "output_length": 1, "hash_ids": [1, 2.5]}`, `hash_ids contains "2.5"`},
		{`{"timestamp": 99999999999999999999, "input_length": 1, "output_length": 1}`, "want a number"},
	}
	for _, test := range tests {
		got, err := Read("t.jsonl", strings.NewReader(good+"\n"+test.line+"\n"+good+"\n"), Millisecond)
		if err != nil {
			t.Errorf("%s: %v", test.line, err)
			continue
		}
		if len(got.Requests) != 2 || got.InvalidCount != 1 {
			t.Errorf("%s: %d requests and %d invalid lines, want 2 and 1", test.line, len(got.Requests), got.InvalidCount)
			continue
		}
		if text := got.Invalid[0].Error(); !strings.HasPrefix(text, "t.jsonl:2: ") || !strings.Contains(text, test.want) {
			t.Errorf("%s: %s, want %s", test.line, text, test.want)
		}
	}
}

func TestInvalidLinesOfCSV(t *testing.T) {
	file := "TIMESTAMP,ContextTokens,GeneratedTokens\n2024-05-10 00:00:00,1,1\n2024-05-10 00:00:01,1\n2024-05-10 00:00:02,many,1\n\n2024-05-10 00:00:03,4,0\n2024-05-10 00:00:04,4,4\n"
	got, err := Read("t.csv", strings.NewReader(file), Auto)
	if err != nil {
		t.Fatal(err)
	}
	var invalid []string
	for _, line := range got.Invalid {
		invalid = append(invalid, line.Error())
	}
	want := []string{`t.csv:3: GeneratedTokens "": want a whole number of tokens`, `t.csv:4: ContextTokens "many": want a whole number of tokens`, "t.csv:6: answer of 0 tokens: want at least 1"}
	if diff := cmp.Diff(want, invalid); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if len(got.Requests) != 2 {
		t.Errorf("%d requests, want 2", len(got.Requests))
	}
}

func TestUnreadableTraces(t *testing.T) {
	tests := []struct{ why, file, want string }{
		{"empty", "", "empty file"},
		{"blank", " \n\n", "empty file"},
		{"another CSV", "a,b,c\n1,2,3\n", `first line "a,b,c" is neither a JSON object nor a CSV header with TIMESTAMP, ContextTokens, GeneratedTokens or Timestamp, Request tokens, Response tokens`},
		{"a header only", "TIMESTAMP,ContextTokens,GeneratedTokens\n", "no valid requests"},
		{"invalid lines only", "{\n{}\n", "no valid requests; 2 invalid lines, the first: t:1: not a JSON object"},
	}
	for _, test := range tests {
		_, err := Read("t", strings.NewReader(test.file), Auto)
		if err == nil || !strings.HasPrefix(err.Error(), "t: ") || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %s", test.why, err, test.want)
		}
	}
	if _, err := Read("t", strings.NewReader("{}"), Auto); !errors.Is(err, ErrNoRequests) {
		t.Errorf("%v, want it to wrap ErrNoRequests", err)
	}
}

func TestInvalidIsBounded(t *testing.T) {
	file := strings.Repeat("{}\n", MaxInvalid+5) + `{"timestamp": 0, "input_length": 1, "output_length": 1}`
	got, err := Read("t", strings.NewReader(file), Auto)
	if err != nil || got.InvalidCount != MaxInvalid+5 || len(got.Invalid) != MaxInvalid {
		t.Errorf("%v, %d invalid lines, %d described", err, got.InvalidCount, len(got.Invalid))
	}
}

func TestReadReturnsWhatWasWritten(t *testing.T) {
	made := Generate(GenConfig{Seed: 3, Requests: 50, Rate: 5, Variation: 1, Batch: 1, Input: LogNormal{100, 1}, Output: LogNormal{20, 1},
		MaxTokens: 2000, BlockSize: 16, SystemPrompts: 2, SystemBlocks: 3, Continue: 0.5})
	for _, style := range Styles() {
		var file bytes.Buffer
		if err := Write(&file, made, style); err != nil {
			t.Fatal(err)
		}
		got, err := Read(string(style), &file, Auto)
		if err != nil {
			t.Fatal(err)
		}
		want := make([]Request, len(made.Requests))
		for i, r := range made.Requests {
			if style != Bailian {
				r.Chat, r.Parent = 0, 0
			}
			if !style.HasBlocks() {
				r.Blocks = nil
				r.Line++ // the header
			}
			want[i] = r
		}
		if diff := cmp.Diff(want, got.Requests); diff != "" {
			t.Errorf("%s (-want +got)\n%s", style, diff)
		}
	}
}

// check checks the invariants of a trace that was read.
func check(t *testing.T, file string) {
	got, err := Read("fuzz", strings.NewReader(file), Auto)
	if err != nil {
		return
	}
	if len(got.Requests) == 0 {
		t.Fatal("neither a request nor an error")
	}
	before := time.Duration(0)
	for i, r := range got.Requests {
		if r.At < before || i == 0 && r.At != 0 || r.Input < 1 || r.Output < 1 || r.Line < 1 {
			t.Fatalf("request %d: %+v after %v", i, r, before)
		}
		before = r.At
	}
	size, _ := BlockSize(got.Requests)
	layout := NewLayout(got.Requests, size)
	for i := range got.Requests {
		r := &got.Requests[i]
		p := layout.Parts(r)
		tokens := p.Prefix + p.Unique
		if p.Blocks > 0 {
			tokens += (p.Blocks-1)*size + p.Last
		}
		if tokens != r.Input || p.Prefix < 0 || p.Unique < 0 || p.Blocks > len(r.Blocks) || p.Blocks > 0 && p.Last < 1 {
			t.Fatalf("parts %+v of %+v", p, r)
		}
	}
}

func FuzzJSONL(f *testing.F) {
	f.Add(`{"timestamp": 0, "input_length": 6758, "output_length": 500, "hash_ids": [0, 1, 2]}`)
	f.Add(`{"timestamp": "1753694362340138614", "input_length": 2288, "output_length": 114, "hash_ids": [2843241808]}`)
	f.Add(`{"chat_id": 1, "parent_chat_id": -1, "timestamp": 61.114, "input_length": 521, "output_length": 132, "hash_ids": ["a"]}` + "\n" + `{"timestamp": 1e3, "input_length": 1, "output_length": 1}`)
	f.Add(`{"timestamp": "-0.5", "input_length": 1, "output_length": 1}` + "\n" + `{"timestamp": 9223372036854775807, "input_length": 1, "output_length": 1}`)
	f.Add("\ufeff" + `{"timestamp": 1753694362340, "input_length": 600.0, "output_length": 1e1, "hash_ids": [1.0]}` + "\n" + `{"timestamp": 1753694363, "input_length": 1, "output_length": 1}`)
	f.Fuzz(check)
}

func FuzzAzure(f *testing.F) {
	f.Add("2023-11-16 18:17:03.9799600,4808,10\n2024-05-10 00:00:00.009930+00:00,2162,5")
	f.Add("2023-11-16 18:17:03,374.0,1e3\n2023-11-16 18:17:04,374.5,NaN")
	f.Add("2023-11-16T18:17:03Z,\"4808\",10\r\n\"")
	f.Fuzz(func(t *testing.T, lines string) { check(t, "TIMESTAMP,ContextTokens,GeneratedTokens\n"+lines) })
}

func FuzzBurstGPT(f *testing.F) {
	f.Add("5,ChatGPT,472,18,490,Conversation log\n45,GPT-4,1087,230,1317,API log")
	f.Add("5.5,s,12,\"x\ny\",472,18,490,z")
	f.Fuzz(func(t *testing.T, lines string) {
		check(t, "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n"+lines)
		check(t, "Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,Total tokens,Log Type\n"+lines)
	})
}

// A trace of Mooncake's size.
func BenchmarkRead(b *testing.B) {
	var file bytes.Buffer
	if err := Write(&file, mooncakeSized(), Mooncake); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(file.Len()))
	for b.Loop() {
		if _, err := Read("", bytes.NewReader(file.Bytes()), Auto); err != nil {
			b.Fatal(err)
		}
	}
}

func mooncakeSized() *Trace {
	return Generate(GenConfig{Seed: 1, Requests: 12031, Rate: 3.4, Variation: 1, Batch: 10, Input: LogNormal{6000, 1}, Output: LogNormal{300, 0.5},
		MaxTokens: 126000, BlockSize: 512, SystemPrompts: 1, SystemBlocks: 1, Continue: 0.35})
}

func ExampleGenerate() {
	t := Generate(GenConfig{Seed: 1, Requests: 3, Rate: 1, Input: LogNormal{100, 0}, Output: LogNormal{10, 0}, MaxTokens: 1000, BlockSize: 64, SystemBlocks: 1, Continue: 1})
	for _, r := range t.Requests {
		fmt.Println(r.At, r.Input, r.Output, r.Blocks)
	}
	// Output:
	// 0s 164 10 [0 1 2]
	// 1s 274 10 [0 1 3 4 5]
	// 2s 384 10 [0 1 3 4 6 7]
}
