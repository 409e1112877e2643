package spec

import "testing"

func TestShown(t *testing.T) {
	tests := []struct{ why, text, want string }{
		{"no URL", "a=b?c@d", "a=b?c@d"},
		{"nothing to hide", "http://h:1/v1", "http://h:1/v1"},
		{"a password", "http://me:secret@h/v1", "http://xxxxx@h/v1"},
		{"a token for a user", "https://secret@h", "https://xxxxx@h"},
		{"a token in the query", "http://h/x?token=secret&a=1", "http://h/x?xxxxx"},
		{"several", "http://h/a http://me:secret@h/b?secret none", "http://h/a http://xxxxx@h/b?xxxxx none"},
		{"the value of a pair", "API_URL=http://me:secret@h", "API_URL=http://xxxxx@h"},
		{"no URL after all", "http://me:secret@h:x%", "[a URL]"},
		{"within a message", "POST http://h/v1/completions: EOF", "POST http://h/v1/completions: EOF"},
	}
	for _, test := range tests {
		if got := Shown(test.text); got != test.want {
			t.Errorf("%s: %q, want %q", test.why, got, test.want)
		}
	}
}
