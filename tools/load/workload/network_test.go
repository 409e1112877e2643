package workload

import (
	"crypto/x509"
	"encoding/pem"
	"io"
	"log"
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

func TestTransportBelievesWhatTheClientDoes(t *testing.T) {
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // one client does not believe it
	server.StartTLS()
	defer server.Close()
	known := x509.NewCertPool()
	known.AddCert(server.Certificate())
	tests := []struct {
		why   string
		c     Common
		fails bool
	}{
		{"nobody vouches for it", Common{}, true},
		{"--ca-file", Common{CAs: Certificates{Pool: known}}, false},
		{"--insecure", Common{Insecure: true}, false},
	}
	for _, test := range tests {
		client := http.Client{Transport: test.c.Transport()}
		response, err := client.Get(server.URL)
		if err == nil {
			response.Body.Close()
		}
		client.CloseIdleConnections()
		if (err != nil) != test.fails {
			t.Errorf("%s: error %v", test.why, err)
		}
	}
}
