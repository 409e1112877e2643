package result

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/LMCache/LMBench/tools/results/record"
)

// TestTheReferenceIsComplete holds RESULTS.md to what results and CSVs contain.
func TestTheReferenceIsComplete(t *testing.T) {
	reference, err := os.ReadFile("../RESULTS.md")
	if err != nil {
		t.Fatal(err)
	}
	named := func(name string) bool { return strings.Contains(string(reference), fmt.Sprintf("`%s`", name)) }
	for _, golden := range []string{"full", "strict", "vllm"} {
		text, err := os.ReadFile("testdata/" + golden + ".golden")
		if err != nil {
			t.Fatal(err)
		}
		var document map[string]any
		if err := json.Unmarshal(text, &document); err != nil {
			t.Fatal(err)
		}
		results, _ := document["results"].(map[string]any)
		if len(results) < 10 {
			t.Fatalf("%s.golden has %d keys in results", golden, len(results))
		}
		for _, keys := range []map[string]any{document, results} {
			for key := range keys {
				if !named(key) {
					t.Errorf("RESULTS.md does not explain the key %s of %s.golden", key, golden)
				}
			}
		}
	}
	for _, layout := range []record.Layout{record.Conversation(), record.Strict(), record.Agentic(), record.ShareGPT(), record.Trace(), record.Serving()} {
		for _, column := range layout {
			if !named(column) {
				t.Errorf("RESULTS.md does not explain the column %s", column)
			}
		}
	}
}
