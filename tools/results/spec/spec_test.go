package spec

import (
	"errors"
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const suite = `
Name: layerwise
Serving:
  - Flat:
      configSelection: basic-vllm/run-llama8B.sh
      hf_token: <YOUR_HF_TOKEN>
      max_tokens: 5
  - Helm-ProductionStack:
      Hf_Token: [x]
      nested: [{HF_TOKEN: x, apiKey: y, replicas: 2}]
      env: [{name: OPENAI_API_KEY, value: z}, {name: LOG, value: debug}]
  - SGLang:
  - {}
  - text
`

func TestServing(t *testing.T) {
	spec, err := Parse([]byte(suite))
	if err != nil {
		t.Fatal(err)
	}
	if name := Name(spec); name != "layerwise" {
		t.Errorf("name %v", name)
	}
	tests := []struct {
		why   string
		index int
		want  Map
		err   string
	}{
		{"the token is not stored", 0, Map{{"baseline_type", "Flat"}, {"config", Map{
			{"configSelection", "basic-vllm/run-llama8B.sh"}, {"max_tokens", int64(5)}}}}, ""},
		{"at no depth, in no case and not as Kubernetes writes it", 1, Map{{"baseline_type", "Helm-ProductionStack"}, {"config", Map{
			{"nested", []any{Map{{"replicas", int64(2)}}}},
			{"env", []any{Map{{"name", "OPENAI_API_KEY"}}, Map{{"name", "LOG"}, {"value", "debug"}}}}}}}, ""},
		{"a baseline without a config", 2, Map{}, "SGLang is not a mapping"},
		{"an empty entry", 3, Map{}, "entry 3 is not a mapping"},
		{"an entry of text", 4, Map{}, "entry 4 is not a mapping"},
		{"beyond the end", 5, Map{}, "no entry 5 in a list of 5"},
		{"before the start", -1, Map{}, "no entry -1"},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			got, err := Serving(spec, test.index)
			if test.err == "" && err != nil || test.err != "" && (err == nil || !strings.Contains(err.Error(), test.err)) {
				t.Errorf("error %v, want %q", err, test.err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
	if _, err := Serving(Map{}, 0); err == nil {
		t.Error("no Serving, no error")
	}
}

func TestInfrastructure(t *testing.T) {
	tests := []struct {
		why  string
		text string
		want Map
		err  string
	}{
		{"as written", "1-infrastructure:\n  Location: LMCacheGKE\n  numClusterGPUs: 1\n", Map{{"Location", "LMCacheGKE"}, {"numClusterGPUs", int64(1)}}, ""},
		{"absent", "a: 1\n", Map{}, "no key"},
		{"empty", "1-infrastructure:\n", Map{}, "not a mapping"},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			bench, err := Parse([]byte(test.text))
			if err != nil {
				t.Fatal(err)
			}
			got, err := Infrastructure(bench)
			if test.err == "" && err != nil || test.err != "" && (err == nil || !strings.Contains(err.Error(), test.err)) {
				t.Errorf("error %v, want %q", err, test.err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestReadNamesTheFile(t *testing.T) {
	if _, err := Read("no.yaml"); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "no.yaml") {
		t.Errorf("error %v", err)
	}
	if _, err := Read("spec.go"); err == nil || !strings.HasPrefix(err.Error(), "spec.go: ") {
		t.Errorf("error %v", err)
	}
}
