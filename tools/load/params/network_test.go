package params

import (
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCertificatesOfAFile(t *testing.T) {
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	good := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
	tests := []struct{ why, content, fails string }{
		{"a certificate", good, ""},
		{"several, with words between", "them:\n" + good + "and\n" + good, ""},
		{"a key", "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n", "want certificates in PEM"},
		{"nothing", "", "want certificates in PEM"},
		{"binary", "\x30\x82", "want certificates in PEM"},
	}
	for _, test := range tests {
		path := filepath.Join(t.TempDir(), "ca.pem")
		if err := os.WriteFile(path, []byte(test.content), 0o600); err != nil {
			t.Fatal(err)
		}
		var v Certificates
		err := v.Set(path)
		if (err == nil) != (test.fails == "") || err != nil && !strings.Contains(err.Error(), test.fails) || err == nil && v.Pool == nil {
			t.Errorf("%s: %v, want %q", test.why, err, test.fails)
		}
	}
	if err := new(Certificates).Set(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("no file and no error")
	}
}

func TestListen(t *testing.T) {
	tests := []struct{ text, want string }{ // want: "": an error
		{"8000", "127.0.0.1:8000"},
		{":8000", "127.0.0.1:8000"},
		{"0", "127.0.0.1:0"},
		{"127.0.0.1:8000", "127.0.0.1:8000"},
		{"0.0.0.0:8000", "0.0.0.0:8000"}, // said in so many words
		{"[::1]:8000", "[::1]:8000"},
		{"", "None"},
		{"localhost", ""},
		{"8000:", ""},
		{"127.0.0.1:http", ""},
		{"99999", ""},
		{"-1", ""},
	}
	for _, test := range tests {
		var to string
		value := ListenAddress(&to)
		if err := value.Set(test.text); (err == nil) != (test.want != "") || err == nil && value.String() != test.want {
			t.Errorf("%q: %v, %v; want %q", test.text, value, err, test.want)
		}
	}
}
