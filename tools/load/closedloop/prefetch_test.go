package closedloop

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/LMCache/LMBench/tools/engine/openai"
)

func TestPrefetcher(t *testing.T) {
	tests := []struct {
		why           string
		asked, rounds int
		want          []int
	}{
		{"all questions, in order, each made once", 0, 3, []int{1, 2, 3}},
		{"a user who has asked some already continues", 2, 4, []int{3, 4}},
		{"a user who has asked all asks no more", 2, 2, nil},
	}
	for _, test := range tests {
		var made, asked []int
		p := NewPrefetcher(test.asked, test.rounds, func(k int) openai.Request {
			made = append(made, k)
			return openai.Request{MaxTokens: k}
		})
		for k := test.asked + 1; k <= test.rounds; k++ {
			asked = append(asked, p.NextRequest(k).MaxTokens)
			p.OnResponse("ignored")
		}
		if diff := cmp.Diff([][]int{test.want, test.want}, [][]int{made, asked}); diff != "" {
			t.Errorf("%s: made and asked (-want +got)\n%s", test.why, diff)
		}
	}
}
