package openai

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// authority signs certificates.
type authority struct {
	key  *ecdsa.PrivateKey
	cert *x509.Certificate
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Unix(0, 0), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &authority{key, cert}
}

func (a *authority) sign(t *testing.T, change func(*x509.Certificate)) tls.Certificate {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Unix(0, 0), NotAfter: time.Now().Add(time.Hour), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	change(template)
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, &a.key.PublicKey, a.key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: a.key}
}

func (a *authority) pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.cert)
	return pool
}

func TestTLS(t *testing.T) { forEachTransport(t, testTLS) }

func testTLS(t *testing.T, transport string) {
	ca := newAuthority(t)
	good := func(*x509.Certificate) {}
	tests := []struct {
		why    string
		change func(*x509.Certificate)
		server *tls.Config
		config Config
		want   string // of the error; empty: no error
	}{
		{"signed by the authority", good, &tls.Config{}, Config{CAs: ca.pool()}, ""},
		{"of an unknown authority", good, &tls.Config{}, Config{}, "certificate signed by unknown authority (--ca-file adds"},
		{"and verification is off", good, &tls.Config{}, Config{Insecure: true}, ""},
		{"of another host", func(c *x509.Certificate) { c.IPAddresses = []net.IP{net.IPv4(10, 0, 0, 1)} }, &tls.Config{}, Config{CAs: ca.pool()}, "certificate is valid for 10.0.0.1, not 127.0.0.1"},
		{"without a host", func(c *x509.Certificate) { c.IPAddresses = nil }, &tls.Config{}, Config{CAs: ca.pool()}, "cannot validate certificate for 127.0.0.1"},
		{"expired", func(c *x509.Certificate) { c.NotAfter = time.Unix(1, 0) }, &tls.Config{}, Config{CAs: ca.pool()}, "certificate has expired"},
		{"for clients", func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }, &tls.Config{}, Config{CAs: ca.pool()}, "incompatible key usage"},
		{"all of that, and verification is off", func(c *x509.Certificate) { c.IPAddresses, c.NotAfter = nil, time.Unix(1, 0) }, &tls.Config{}, Config{Insecure: true}, ""},
		{"an engine that requires a client certificate", good, &tls.Config{ClientAuth: tls.RequireAnyClientCert}, Config{CAs: ca.pool()}, "certificate required"},
		{"an engine of long ago", good, &tls.Config{MaxVersion: tls.VersionTLS11}, Config{CAs: ca.pool()}, "protocol version"},
		{"an engine that would rather speak HTTP/2", good, &tls.Config{NextProtos: []string{"h2", "http/1.1"}}, Config{CAs: ca.pool()}, ""},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				io.WriteString(w, event("a")+done)
			}))
			server.TLS = test.server
			server.TLS.Certificates = []tls.Certificate{ca.sign(t, test.change)}
			server.Config.ErrorLog = quiet
			server.StartTLS()
			defer server.Close()
			test.config.BaseURL, test.config.APIKey = server.URL, "secret"
			if transport == NetHTTP && test.want == "certificate required" {
				test.want = "POST " // net/http may close the connection before it reads the reason
			}
			c, err := New(on(test.config, transport))
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			for range 2 { // the second on the connection of the first
				_, err = c.Stream(t.Context(), question)
				if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
					t.Errorf("error %v, want %q", err, test.want)
				}
			}
			// What is asked beside the load is as strict.
			if _, err := c.Tokens(t.Context(), question); test.want != "" && (err == nil || strings.Contains(err.Error(), "status")) {
				t.Errorf("/tokenize answered: %v", err)
			}
		})
	}
}

// The scheme of a URL may be the wrong one.
func TestWrongScheme(t *testing.T) { forEachTransport(t, testWrongScheme) }

func testWrongScheme(t *testing.T, transport string) {
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	secured := httptest.NewUnstartedServer(http.NotFoundHandler())
	secured.Config.ErrorLog = quiet
	secured.StartTLS()
	defer secured.Close()
	for _, test := range []struct{ url, want string }{
		{strings.Replace(plain.URL, "http:", "https:", 1), "the server does not use TLS; use http://"},
		{strings.Replace(secured.URL, "https:", "http:", 1), "status 400: Client sent an HTTP request to an HTTPS server."},
	} {
		c, err := New(Config{Transport: transport, BaseURL: test.url})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if _, err := c.Stream(t.Context(), question); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", test.url, err, test.want)
		}
	}
}

// Bytes after the end of an answer are not taken for the next one, even where the
// client's buffer ends with that answer: under TLS they are decrypted already, and the
// socket is empty. net/http's transport may take them for it.
func TestForgedBehindTLS(t *testing.T) {
	ca := newAuthority(t)
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{
		Certificates: []tls.Certificate{ca.sign(t, func(*x509.Certificate) {})}, DynamicRecordSizingDisabled: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	const bufferSize = 8 << 10 // of the client
	answer := event("a") + done
	head := fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", bufferSize-len("HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n"))
	comment := ":" + strings.Repeat("x", bufferSize-len(head)-len(answer)-3) + "\n\n"
	whole := head + comment + answer
	served := make(chan int)
	go func() {
		conns := 0
		for {
			conn, err := listener.Accept()
			if err != nil {
				served <- conns
				return
			}
			conns++
			go func() {
				defer conn.Close()
				buffer := make([]byte, 64<<10)
				for {
					if _, err := conn.Read(buffer); err != nil {
						return
					}
					io.WriteString(conn, whole+"HTTP/1.1 500 Oops\r\nContent-Length: 6\r\n\r\nforged")
				}
			}()
		}
	}()
	c, err := New(Config{Transport: HTTP1, BaseURL: "https://" + listener.Addr().String(), CAs: ca.pool()})
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if reply, err := c.Stream(t.Context(), question); err != nil || reply.Text != "a" {
			t.Errorf("%q, %v", reply.Text, err)
		}
	}
	c.Close()
	listener.Close()
	if conns := <-served; conns != 3 {
		t.Errorf("%d connections, want one for each answer", conns)
	}
}
