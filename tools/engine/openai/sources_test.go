package openai

import (
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const answer = "data: {\"choices\":[{\"text\":\"a\"}]}\n\ndata: [DONE]\n\n"

// Each new connection comes from the next address, and a used one is kept.
func TestSources(t *testing.T) { forEachTransport(t, testSources) }

func testSources(t *testing.T, transport string) {
	var from []string
	engine := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, _ := net.SplitHostPort(r.RemoteAddr)
		from = append(from, host)
		w.Header().Set("Connection", map[bool]string{true: "close"}[len(from) < 3])
		w.Write([]byte(answer))
	}))
	defer engine.Close()
	sources := []netip.Addr{netip.MustParseAddr("127.0.0.2"), netip.MustParseAddr("127.0.0.3")}
	client, err := New(Config{Transport: transport, BaseURL: engine.URL, Sources: sources})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	for range 4 {
		if _, err := client.Stream(t.Context(), question); err != nil {
			if errors.Is(err, syscall.EADDRNOTAVAIL) {
				t.Skip("this system has but one loopback address")
			}
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{"127.0.0.3", "127.0.0.2", "127.0.0.3", "127.0.0.3"}, from); diff != "" {
		t.Error(diff)
	}
}

func TestASourceOfAnotherMachine(t *testing.T) { forEachTransport(t, testASourceOfAnotherMachine) }

func testASourceOfAnotherMachine(t *testing.T, transport string) {
	client, err := New(Config{Transport: transport, BaseURL: "http://127.0.0.1:9", Sources: []netip.Addr{netip.MustParseAddr("192.0.2.1")}})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if _, err := client.Stream(t.Context(), question); err == nil || !strings.Contains(err.Error(), "--source-addresses") {
		t.Errorf("error %v does not say what to do", err)
	}
}

// TLS is verified unless the person says otherwise.
func TestCertificates(t *testing.T) { forEachTransport(t, testCertificates) }

func testCertificates(t *testing.T, transport string) {
	engine := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.Write([]byte(answer)) }))
	defer engine.Close()
	engine.Config.ErrorLog = nil
	theirs := x509.NewCertPool()
	theirs.AddCert(engine.Certificate())
	tests := []struct {
		why    string
		config Config
		want   string
	}{
		{"an untrusted certificate", Config{}, "certificate"},
		{"of a given authority", Config{CAs: theirs}, ""},
		{"for another name", Config{CAs: theirs, BaseURL: strings.Replace(engine.URL, "127.0.0.1", "localhost", 1)}, "certificate"},
		{"verification is off", Config{Insecure: true}, ""},
	}
	for _, test := range tests {
		if test.config.BaseURL == "" {
			test.config.BaseURL = engine.URL
		}
		client, err := New(on(test.config, transport))
		if err != nil {
			t.Fatal(err)
		}
		_, err = client.Stream(t.Context(), question)
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v", test.why, err)
		}
		client.Close()
	}
}
