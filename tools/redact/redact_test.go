package redact

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestIsSecret(t *testing.T) {
	for _, name := range []string{"hf_token", "HF_TOKEN", "Hf-Token", "API_KEY", "apiKey", "OPENAI_API_KEY", "CLIENT_SECRET", "secretName", "AWS_SECRET_ACCESS_KEY", "password", "Authorization"} {
		if !IsSecret(name) {
			t.Errorf("IsSecret(%q) = false, want true", name)
		}
	}
	for _, name := range []string{"KEY", "MAX_TOKENS", "prompt_tokens", "tokenizer", "API_URL", "API_TYPE", "monkey", "QPS", ""} {
		if IsSecret(name) {
			t.Errorf("IsSecret(%q) = true, want false", name)
		}
	}
}

func TestSecretsInTexts(t *testing.T) {
	for _, test := range []struct {
		why     string
		secrets []string
		text    string
		want    string
	}{
		{"as it is", []string{"sk-1"}, "key sk-1!", "key [key]!"},
		{"no secret", nil, "key sk-1!", "key sk-1!"},
		{"an empty secret, which every text holds", []string{""}, "key", "key"},
		{"in a query", []string{"a b&c"}, "?k=a+b%26c", "?k=[key]"},
		{"in a path", []string{"a b&c"}, "/a%20b&c/", "/[key]/"},
		{"in JSON of Go", []string{`a"<b`}, `{"k":"a\"\u003cb"}`, `{"k":"[key]"}`},
		{"in JSON of others", []string{`a"<b`}, `{"k":"a\"<b"}`, `{"k":"[key]"}`},
		{"in quotes of Go", []string{"a\x01b"}, `got "a\x01b"`, `got "[key]"`},
		{"one is the beginning of another", []string{"abc", "abcdef"}, "abcdef abc", "[key] [key]"},
	} {
		secrets := NewSecrets("[key]", test.secrets...)
		if got := secrets.Text(test.text); got != test.want {
			t.Errorf("%s: %q, want %q", test.why, got, test.want)
		}
	}
}

func TestSecretsInErrors(t *testing.T) {
	secrets := NewSecrets(Mask, "planted")
	err := secrets.Error(fmt.Errorf("header planted: %w", fs.ErrInvalid))
	if err.Error() != "header xxxxx: invalid argument" || !errors.Is(err, fs.ErrInvalid) {
		t.Errorf("got %v, want the cause without the secret", err)
	}
	if got := secrets.Error(fs.ErrInvalid); got != fs.ErrInvalid {
		t.Errorf("an error without the secret became %v", got)
	}
	if got := secrets.Error(nil); got != nil {
		t.Errorf("no error became %v", got)
	}
}

func FuzzSecrets(f *testing.F) {
	f.Add("before", `p"<&wo rd`, "after")
	f.Add("aba", "ab", "")
	f.Fuzz(func(t *testing.T, before, secret, after string) {
		const mask = "█" // shares no byte with a spelling
		if strings.Contains(secret, mask) || !utf8.ValidString(secret) {
			t.Skip()
		}
		secrets := NewSecrets(mask, secret)
		for _, spelled := range spellings(secret) {
			got := secrets.Text(before + spelled + after)
			if strings.Contains(got, spelled) {
				t.Errorf("%q in %q still holds the secret: %q", spelled, before+spelled+after, got)
			}
		}
	})
}

func TestURLs(t *testing.T) {
	for _, test := range []struct{ why, text, want string }{
		{"plain", "http://h:1/v1", "http://h:1/v1"},
		{"no URL", "a = b?c@d", "a = b?c@d"},
		{"a password", "http://me:secret@h/v1", "http://xxxxx@h/v1"},
		{"a token for a user", "https://secret@h", "https://xxxxx@h"},
		{"a token in the query", "http://h/x?token=secret&a=1", "http://h/x?xxxxx"},
		{"several", "http://h/a http://me:secret@h/b?secret none", "http://h/a http://xxxxx@h/b?xxxxx none"},
		{"a list", "http://h/a,http://me:secret@h/b", "http://h/a,http://xxxxx@h/b"},
		{"a query with a URL", "http://h/a?to=b,http://h/c&secret", "http://h/a?xxxxx"},
		{"the value of a pair", "API_URL=http://me:secret@h", "API_URL=http://xxxxx@h"},
		{"quoted, with a password", `Get "http://me:secret@h/x": EOF`, "Get [a URL] EOF"},
		{"quoted, with a query", `Get "http://h/x?secret": EOF`, `Get "http://h/x?xxxxx EOF`},
		{"within a message", "POST http://h/v1/completions: EOF", "POST http://h/v1/completions: EOF"},
		{"not a URL after all", "http://me:secret@h:x%", "[a URL]"},
	} {
		if got := URLs(test.text); got != test.want {
			t.Errorf("%s: URLs(%q) = %q, want %q", test.why, test.text, got, test.want)
		}
	}
}

func FuzzURLs(f *testing.F) {
	f.Add("see", "me", "s,ecret", "t&oken", ".")
	f.Add("KEY=", "", "p=q", "", ",http://h/")
	f.Fuzz(func(t *testing.T, before, user, password, query, after string) {
		const known = "planted" // so that it is in none of the other parts by chance
		if strings.Contains(before+user+password+query+after, known) || strings.Contains(before, "?") {
			t.Skip()
		}
		address := url.URL{
			Scheme: "http", Host: "h:1", Path: "/v1",
			User:     url.UserPassword(user, known+password),
			RawQuery: url.Values{"q": {query + known}}.Encode(),
		}
		text := before + " " + address.String() + after
		if got := URLs(text); strings.Contains(got, known) {
			t.Errorf("URLs(%q) = %q", text, got)
		}
	})
}

func TestEnviron(t *testing.T) {
	before := []string{"PATH=/bin", "HF_TOKEN=planted", "LMBENCH_API_KEY=planted", "LMBENCH_API_KEY_FILE=/x", "AWS_SECRET_ACCESS_KEY=kubectl reads it"}
	want := []string{"PATH=/bin", "LMBENCH_API_KEY_FILE=/x", "AWS_SECRET_ACCESS_KEY=kubectl reads it"}
	if got := Environ(before); !slices.Equal(got, want) {
		t.Errorf("Environ = %q, want %q", got, want)
	}
	if len(before) != 5 || before[1] != "HF_TOKEN=planted" {
		t.Errorf("the environment itself changed: %q", before)
	}
}
