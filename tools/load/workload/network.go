package workload

import (
	"crypto/x509"
	"fmt"
	"net/netip"
	"os"
	"strings"
)

// Addresses are local IP addresses, separated by commas or spaces.
func Addresses(to *[]netip.Addr) Value { return &addressesValue{to} }

type addressesValue struct{ to *[]netip.Addr }

func (v *addressesValue) Set(text string) error {
	var all []netip.Addr
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' }) {
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
	if len(words) == 0 {
		return "None"
	}
	return strings.Join(words, ",")
}

func (v *addressesValue) Optional() bool { return true }

// Certificates is a file of certificate authorities, and they with the system's.
type Certificates struct {
	file string
	Pool *x509.CertPool // nil: the system's alone
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
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(pem) {
		return fmt.Errorf("%s: want certificates in PEM, found none", text)
	}
	v.file, v.Pool = text, pool
	return nil
}

func (v *Certificates) String() string {
	if v.file == "" {
		return "None"
	}
	return v.file
}

// Optional is true: the system's are enough for most engines.
func (v *Certificates) Optional() bool { return true }
