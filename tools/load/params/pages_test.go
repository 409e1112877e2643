package params

import (
	"strings"
	"testing"
)

func TestMetricsPages(t *testing.T) {
	tests := []struct{ text, want string }{ // want: as recorded; "": an error
		{"engine", "engine"},
		{"none", "None"},
		{"http://a:9090/metrics,engine  https://b/metrics engine", "http://a:9090/metrics engine https://b/metrics"},
		{"", ""},
		{"none engine", ""},
		{"a:9090/metrics", ""},
		{"http://user:password@a/metrics", ""},
		{"http://a/metrics ftp://b", ""},
	}
	for _, test := range tests {
		var to []string
		value := MetricsPages(&to)
		err := value.Set(test.text)
		if (err == nil) != (test.want != "") || err == nil && value.String() != test.want {
			t.Errorf("%q: %v, %v; want %q", test.text, value, err, test.want)
		}
		if err != nil && strings.Contains(err.Error(), "password") {
			t.Errorf("%v shows a password", err)
		}
	}
}
