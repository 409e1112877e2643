package params

import (
	"crypto/x509"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"
)

// Addresses returns a Value for local IP addresses, separated by commas or spaces.
func Addresses(to *[]netip.Addr) Value { return &addressesValue{to} }

type addressesValue struct{ to *[]netip.Addr }

func (v *addressesValue) Set(text string) error {
	var all []netip.Addr
	for _, word := range splitList(text) {
		address, err := netip.ParseAddr(word)
		if err != nil {
			return fmt.Errorf("want IP addresses of this machine, like 127.0.0.2,127.0.0.3, got %q", word)
		}
		all = append(all, address)
	}
	*v.to = all
	return nil
}

func (v *addressesValue) String() string {
	words := make([]string, len(*v.to))
	for i, address := range *v.to {
		words[i] = address.String()
	}
	return orNone(strings.Join(words, ","))
}

func (v *addressesValue) Optional() bool { return true }

// splitList splits a list at commas and spaces.
func splitList(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
}

// Certificates are the certificate authorities of a file and of the system.
type Certificates struct {
	file string
	Pool *x509.CertPool // nil: the system's only
}

// Set reads the file.
func (v *Certificates) Set(text string) error {
	if text == "" {
		return nil
	}
	pem, err := os.ReadFile(text)
	if err != nil {
		return err
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool() // some systems have none
	}
	if !pool.AppendCertsFromPEM(pem) {
		return fmt.Errorf("%s: want certificates in PEM, found none", text)
	}
	v.file, v.Pool = text, pool
	return nil
}

func (v *Certificates) String() string { return orNone(v.file) }

// Optional returns true: the system's authorities suffice for most engines.
func (v *Certificates) Optional() bool { return true }

// ListenAddress returns a Value for an address to listen on: a port of the
// loopback interface, or an address and a port.
func ListenAddress(to *string) Value { return &listenValue{to} }

type listenValue struct{ to *string }

func (v *listenValue) Set(text string) error {
	if text == "" {
		return nil
	}
	address := text
	if _, err := strconv.Atoi(text); err == nil {
		address = ":" + text
	}
	host, port, err := net.SplitHostPort(address)
	if number, bad := strconv.Atoi(port); err != nil || bad != nil || number < 0 || number > 65535 {
		return fmt.Errorf("want a port, or an address with one like 127.0.0.1:8000, got %q", text)
	}
	if host == "" {
		host = "127.0.0.1" // other machines get access only on request
	}
	*v.to = net.JoinHostPort(host, port)
	return nil
}

func (v *listenValue) String() string { return orNone(*v.to) }
func (v *listenValue) Optional() bool { return true }
