package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const chats = "../data/dataset/testdata/philschmid_mt-bench.parquet"

func TestPrintParquet(t *testing.T) {
	whole, err := os.ReadFile(chats)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	write := func(name string, content []byte) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	spoilt := append([]byte(nil), whole...)
	for i := 4; i < len(spoilt)/2; i++ {
		spoilt[i] ^= 0x55
	}
	tests := []struct {
		why    string
		args   []string
		exit   int
		stdout string // its beginning
		stderr string // in it
	}{
		{"all columns", []string{chats}, 0, `{"category":"writing","question_id":0,"turns":["lazy lazy brown trees fox seven the","brown near over oak"]}` + "\n", ""},
		{"some columns, one of which the file lacks", []string{chats, "turns", "x"}, 0, `{"turns":["lazy lazy brown trees fox seven the","brown near over oak"]}` + "\n", ""},
		{"text that JSON would escape for a browser", []string{"../data/dataset/testdata/zed-industries_zeta.parquet", "output"}, 0, "{\"output\":\"over near trees\"}\n{\"output\":\"a brown<|editable_region_start|>", ""},
		{"help", []string{"--help"}, 0, "events - ", ""},
		{"no file", nil, 2, "", "want a FILE"},
		{"an unknown flag", []string{"--all", chats}, 2, "", "unknown flag --all"},
		{"a missing file", []string{"none.parquet"}, 1, "", "none.parquet: no such file"},
		{"a file of another kind", []string{"main.go"}, 1, "", "main.go: invalid magic"},
		{"a truncated file", []string{write("cut.parquet", whole[:len(whole)-100])}, 1, "", "cut.parquet: "},
		{"a damaged file", []string{write("spoilt.parquet", spoilt)}, 1, "", "spoilt.parquet: "},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			stdout, stderr, exit := runCommand(append([]string{"parquet"}, test.args...)...)
			if exit != test.exit || !strings.HasPrefix(stdout, test.stdout) || !strings.Contains(stderr, test.stderr) {
				t.Errorf("exit code %d, want %d\n%s\n%s", exit, test.exit, stdout, stderr)
			}
		})
	}
}
