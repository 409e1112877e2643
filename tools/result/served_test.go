package result

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestMetricsByBothDefinitions(t *testing.T) {
	tests := []struct {
		why, csv string
		file     string // written
		want     []string
		fails    bool
	}{
		{"vLLM's figures are the result's, LMBench's stand beside them",
			"metric,value\ncompleted,3\nfailed,1\nduration,2.0\nmean_itl_ms,5.0\nmedian_itl_ms,5.0\np99_itl_ms,6.0\nlmbench_mean_itl_ms,7.12345\nlmbench_p99_itl_ms,8.0\nlmbench_mean_ttft_ms,\n",
			"k_vllm_random_inf_20000101-0000.json",
			[]string{`"itl_ms": {` + "\n" + `      "mean": 5.0`, `"lmbench_definitions_ms": {` + "\n" + `      "itl": {` + "\n" + `        "mean": 7.123,` + "\n" + `        "p99": 8.0`}, false},
		{"a point without a success has the rate in its name too", "metric,value\ncompleted,0\nfailed,4\n", "k_vllm_random_inf_20000101-0000_failed.txt", nil, true},
	}
	for _, test := range tests {
		root := t.TempDir()
		csv := filepath.Join(root, "in.csv")
		if err := os.WriteFile(csv, []byte(test.csv), 0o644); err != nil {
			t.Fatal(err)
		}
		report, err := Write(Options{Root: root, CSV: csv, Now: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC),
			Pairs: []string{"NAME=suite", "KEY=k", "WORKLOAD=vllm_random", "REQUEST_RATE=inf"}})
		if (err != nil) != test.fails || filepath.Base(report.Path) != test.file {
			t.Errorf("%s: %v, wrote %s, want %s", test.why, err, report.Path, test.file)
			continue
		}
		data, err := os.ReadFile(report.Path)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range test.want {
			if !strings.Contains(string(data), text) {
				t.Errorf("%s: no %s in\n%s", test.why, text, data)
			}
		}
	}
}
