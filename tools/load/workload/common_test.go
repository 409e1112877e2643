package workload

import (
	"crypto/x509"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/LMCache/LMBench/tools/load/params"
)

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
		{"--ca-file", Common{CAs: params.Certificates{Pool: known}}, false},
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
