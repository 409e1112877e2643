package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const chats = "../data/dataset/testdata/philschmid_mt-bench.parquet"

func TestCommandLines(t *testing.T) {
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
		{"some, one not there", []string{chats, "turns", "x"}, 0, `{"turns":["lazy lazy brown trees fox seven the","brown near over oak"]}` + "\n", ""},
		{"what JSON would escape for a browser", []string{"../data/dataset/testdata/zed-industries_zeta.parquet", "output"}, 0, "{\"output\":\"over near trees\"}\n{\"output\":\"a brown<|editable_region_start|>", ""},
		{"help", []string{"--help"}, 0, "usage: parquet FILE", ""},
		{"nothing", nil, 2, "", "want a file"},
		{"a flag", []string{"--all", chats}, 2, "", "want a file"},
		{"no file", []string{"none.parquet"}, 1, "", "none.parquet: no such file"},
		{"another file", []string{"main.go"}, 1, "", "main.go: invalid magic"},
		{"cut off", []string{write("cut.parquet", whole[:len(whole)-100])}, 1, "", "cut.parquet: "},
		{"damaged", []string{write("spoilt.parquet", spoilt)}, 1, "", "spoilt.parquet: "},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			var stdout, stderr strings.Builder
			exit := status(run(test.args, &stdout), &stderr)
			if exit != test.exit || !strings.HasPrefix(stdout.String(), test.stdout) || !strings.Contains(stderr.String(), test.stderr) {
				t.Errorf("exit %d, want %d\n%s\n%s", exit, test.exit, stdout.String(), stderr.String())
			}
		})
	}
}
