package prompt

import (
	"bufio"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestLegacyTrace(t *testing.T) {
	tests := []struct {
		ids   []int64
		input int
		want  string
	}{
		{[]int64{0, 1, 2}, 10, "Process the following input: and or but in on at to for. Generate a comprehensive response with analysis."},
		{[]int64{5}, 3, "Given this information: for of with, please summarize the main points and suggest next steps."},
		{nil, 4, "Please analyze the following data and provide detailed insights: the a an and. What are the key patterns and recommendations?"},
		{nil, 0, "Please analyze the following data and provide detailed insights: . What are the key patterns and recommendations?"},
		// Starts at word 62 and wraps around after word 70.
		{[]int64{66}, 12, "Review this content: service configuration parameter variable constant string number array the a. Identify potential issues and propose solutions."},
	}
	for _, test := range tests {
		got := strings.Join(NewLegacyTrace().Prompt(test.ids, test.input), "")
		if got != test.want {
			t.Errorf("ids %v, length %d:\n%q, want\n%q", test.ids, test.input, got, test.want)
		}
	}
}

// The prompt is longer than the prepared text.
func TestLegacyTraceWrapsAround(t *testing.T) {
	words := strings.Fields(legacyWords)
	for _, start := range []int64{0, 35, 69} {
		const n = 10000
		var want []string
		for i := range n {
			want = append(want, words[(2*int(start)+i)%len(words)])
		}
		l := NewLegacyTrace()
		got := strings.Join(l.words(int(2*start)%len(words), n), "")
		if got != strings.Join(want, " ") {
			t.Errorf("%d words starting at word %d are wrong", n, start)
		}
	}
}

// The hashes are of the original's prompts for lines of the two public traces.
func TestLegacyTraceOfPublicTraces(t *testing.T) {
	folder := os.Getenv("LMBENCH_TEST_TRACES")
	if folder == "" {
		t.Skip("set LMBENCH_TEST_TRACES to a folder with gmi_trace.jsonl and mooncake_trace.jsonl")
	}
	tests := []struct {
		file string
		line int
		size int
		hash string
	}{
		{"gmi_trace.jsonl", 1, 12032, "ffb8168dea71e3f9"},
		{"gmi_trace.jsonl", 2, 4441, "869b8438e706d3c7"},
		{"mooncake_trace.jsonl", 1, 35295, "58d494ed4ddd2d4d"},
		{"mooncake_trace.jsonl", 2, 38204, "00a92f7c887dde4a"},
	}
	for _, test := range tests {
		file, err := os.Open(filepath.Join(folder, test.file))
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		lines := bufio.NewScanner(file)
		for range test.line {
			lines.Scan()
		}
		var request struct {
			Input int     `json:"input_length"`
			IDs   []int64 `json:"hash_ids"`
		}
		if err := json.Unmarshal(lines.Bytes(), &request); err != nil {
			t.Fatal(err)
		}
		got := strings.Join(NewLegacyTrace().Prompt(request.IDs, request.Input), "")
		sum := sha256.Sum256([]byte(got))
		if hash := fmt.Sprintf("%x", sum[:8]); len(got) != test.size || hash != test.hash {
			t.Errorf("%s:%d: %d bytes, %s; want %d, %s", test.file, test.line, len(got), hash, test.size, test.hash)
		}
	}
}
