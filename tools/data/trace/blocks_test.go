package trace

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestBlockSize(t *testing.T) {
	blocks := func(n int) []int64 { return make([]int64, n) }
	tests := []struct {
		why      string
		requests []Request
		want     int
	}{
		{"no hash ids", []Request{{Input: 100}}, 0},
		{"exactly as many blocks as needed", []Request{{Input: 513, Blocks: blocks(2)}, {Input: 512, Blocks: blocks(1)}, {Input: 1025, Blocks: blocks(3)}}, 512},
		{"most of the requests", []Request{{Input: 33, Blocks: blocks(2)}, {Input: 64, Blocks: blocks(2)}, {Input: 97, Blocks: blocks(4)}, {Input: 400, Blocks: blocks(3)}}, 32},
		{"of sizes that explain equally many, the one with the smallest spread", []Request{{Input: 64, Blocks: blocks(1)}, {Input: 60, Blocks: blocks(1)}, {Input: 64, Blocks: blocks(1)}}, 64},
	}
	for _, test := range tests {
		if got, _ := BlockSize(test.requests); got != test.want {
			t.Errorf("%s: %d, want %d", test.why, got, test.want)
		}
	}
}

func TestLayout(t *testing.T) {
	ids := func(first int64, n int) []int64 {
		list := make([]int64, n)
		list[0] = first
		return list
	}
	requests := []Request{
		{Input: 70, Blocks: ids(1, 3)},   // 2 full blocks and 6 tokens
		{Input: 96, Blocks: ids(1, 3)},   // 3 full blocks
		{Input: 365, Blocks: ids(2, 4)},  // 260 tokens that were not hashed, 3 blocks and 9 tokens
		{Input: 420, Blocks: ids(2, 5)},  // the same 260 and 5 blocks
		{Input: 50, Blocks: ids(3, 1)},   // 18 tokens that were not hashed
		{Input: 200, Blocks: ids(3, 1)},  // 168, more than a partial last block explains
		{Input: 40, Blocks: ids(4, 3)},   // fewer tokens than blocks
		{Input: 1000, Blocks: nil},       // no blocks
		{Input: 1, Blocks: ids(5, 2)},    // the shortest prompt
		{Input: 5000, Blocks: ids(6, 1)}, // the only prompt with its first block
	}
	want := []Parts{
		{Blocks: 3, Last: 6},
		{Blocks: 3, Last: 32},
		{Prefix: 260, Blocks: 4, Last: 9},
		{Prefix: 260, Blocks: 5, Last: 32},
		{Prefix: 18, Blocks: 1, Last: 32},
		{Prefix: 18, Blocks: 1, Last: 32, Unique: 150},
		{Blocks: 2, Last: 8},
		{Unique: 1000},
		{Blocks: 1, Last: 1},
		{Prefix: 4968, Blocks: 1, Last: 32},
	}
	layout := NewLayout(requests, 32)
	for i := range requests {
		if diff := cmp.Diff(want[i], layout.Parts(&requests[i])); diff != "" {
			t.Errorf("request %d (-want +got)\n%s", i, diff)
		}
	}
}

func TestIdealReuse(t *testing.T) {
	requests := []Request{
		{Input: 40, Blocks: []int64{1, 2, 3}},
		{Input: 36, Blocks: []int64{1, 2, 4}},
		{Input: 48, Blocks: []int64{2, 3, 4}}, // known blocks, but not as a prefix
		{Input: 40, Blocks: []int64{1, 2, 3}},
		{Input: 64, Blocks: []int64{1, 9, 3, 4}}, // no hit after a miss, although block 3 was third before
		{Input: 7},
		{Input: 64, Blocks: []int64{1, 9, 3, 4}},
	}
	var hits, tokens []int
	for _, r := range IdealReuse(requests, 16) {
		hits, tokens = append(hits, r.HitBlocks), append(tokens, r.HitTokens)
	}
	if diff := cmp.Diff([]int{0, 2, 0, 3, 1, 0, 4}, hits); diff != "" {
		t.Errorf("blocks (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]int{0, 32, 0, 40, 16, 0, 64}, tokens); diff != "" {
		t.Errorf("tokens (-want +got)\n%s", diff)
	}
}

func TestConversations(t *testing.T) {
	tests := []struct {
		why    string
		blocks [][]int64
		depth  int
		want   []int
	}{
		{"the same first block is the same conversation", [][]int64{{1, 2}, {3}, {1, 4}, {3, 5}, {6}}, 1, []int{1, 2, 1, 2, 3}},
		{"the prefix of most requests does not count", [][]int64{{0, 1, 2}, {0, 3}, {0, 1, 4}, {9, 8}, {0}, {0}}, 1, []int{1, 2, 1, 3, 4, 5}},
		{"two blocks identify a conversation", [][]int64{{1, 2}, {1, 3}, {1, 2, 7}, {4, 5}, {6, 7}, {8, 9}, {5, 4}}, 2, []int{1, 2, 1, 3, 4, 5, 6}},
		{"every prompt without blocks is its own conversation", [][]int64{nil, nil}, 1, []int{1, 2}},
	}
	for _, test := range tests {
		var requests []Request
		for _, blocks := range test.blocks {
			requests = append(requests, Request{Blocks: blocks})
		}
		if diff := cmp.Diff(test.want, Conversations(requests, test.depth)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", test.why, diff)
		}
	}
	numbered := []Request{{Chat: 5}, {Chat: 6}, {Chat: 7, Parent: 5}, {Chat: 8, Parent: 7}, {Chat: 9, Parent: 99}, {Chat: 10, Parent: 9}}
	if diff := cmp.Diff([]int{1, 2, 1, 1, 3, 3}, Conversations(numbered, 1)); diff != "" {
		t.Errorf("numbered turns (-want +got)\n%s", diff)
	}
}

// The two public traces have known statistics.
func TestPublicTraces(t *testing.T) {
	folder := os.Getenv("LMBENCH_TEST_TRACES")
	if folder == "" {
		t.Skip("set LMBENCH_TEST_TRACES to a folder with gmi_trace.jsonl and mooncake_trace.jsonl")
	}
	tests := []struct {
		file                                                  string
		requests, size, unique, once, instants, conversations int
		blocks, tokens                                        float64 // percent
		second, minute                                        int
	}{
		{"gmi_trace.jsonl", 1931, 32, 37180, 33803, 1931, 495, 64.5, 61.1, 5, 32},
		{"mooncake_trace.jsonl", 12031, 512, 182790, 138646, 1180, 7373, 36.6, 37.4, 28, 260},
	}
	for _, test := range tests {
		read, err := Open(filepath.Join(folder, test.file), Auto)
		if err != nil {
			t.Fatal(err)
		}
		s := NewStats(read, 0)
		got := []int{len(read.Requests), s.BlockSize, s.UniqueBlocks, s.UsedOnce, s.Instants, s.Conversations, s.BusiestSecond, s.BusiestMinute}
		want := []int{test.requests, test.size, test.unique, test.once, test.instants, test.conversations, test.second, test.minute}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", test.file, diff)
		}
		for _, ratio := range []struct{ got, want float64 }{{s.Ideal.BlockRatio(), test.blocks}, {s.Ideal.TokenRatio(), test.tokens}} {
			if percent := 100 * ratio.got; percent < ratio.want-0.05 || percent > ratio.want+0.05 {
				t.Errorf("%s: %.2f %% reuse, want %.1f %%", test.file, percent, ratio.want)
			}
		}
	}
}
