package params

import (
	"os"
	"strings"
	"testing"
)

func TestKeyFile(t *testing.T) {
	tests := []struct{ why, content, key, fails string }{
		{"as secrets are mounted", "k", "k", ""},
		{"as editors leave it", " k\n", "k", ""},
		{"as Windows programs save it", "\ufeffk\r\n", "k", ""},
		{"nothing but a byte order mark", "\ufeff\n", "before", "is empty"},
		{"nothing in it", "\n", "before", "is empty"},
	}
	for _, test := range tests {
		path, key := t.TempDir()+"/key", "before"
		if err := os.WriteFile(path, []byte(test.content), 0o600); err != nil {
			t.Fatal(err)
		}
		err := KeyFile(&key).Set(path)
		if key != test.key || (err == nil) != (test.fails == "") || err != nil && !strings.Contains(err.Error(), test.fails) {
			t.Errorf("%s: key %q, %v", test.why, key, err)
		}
	}
	key := "before"
	if err := KeyFile(&key).Set(t.TempDir()); err == nil || key != "before" {
		t.Errorf("no file: key %q, %v", key, err)
	}
}
