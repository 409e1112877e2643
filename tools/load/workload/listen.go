package workload

import (
	"fmt"
	"net"
	"strconv"
)

// Listen is where to listen: a port of this machine alone, or an address and a port.
func Listen(to *string) Value { return &listenValue{to} }

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
		host = "127.0.0.1" // others get in only where that is said
	}
	*v.to = net.JoinHostPort(host, port)
	return nil
}

func (v *listenValue) String() string {
	if *v.to == "" {
		return "None"
	}
	return *v.to
}

func (v *listenValue) Optional() bool { return true }
