package openai

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync/atomic"
	"syscall"
)

// dialFrom opens connections from several local addresses in turn: the ports of
// one, some 28,000, are all that a system has for connections to one engine.
func dialFrom(sources []netip.Addr) func(ctx context.Context, network, address string) (net.Conn, error) {
	if len(sources) == 0 {
		return explained(new(net.Dialer).DialContext)
	}
	dialers := make([]net.Dialer, len(sources))
	for i, source := range sources {
		dialers[i].LocalAddr = net.TCPAddrFromAddrPort(netip.AddrPortFrom(source, 0))
		dialers[i].Control = portAtConnect
	}
	var next atomic.Uint64
	return explained(func(ctx context.Context, network, address string) (net.Conn, error) {
		first := next.Add(1)
		var failed error
		for i := range uint64(len(dialers)) {
			conn, err := dialers[(first+i)%uint64(len(dialers))].DialContext(ctx, network, address)
			if err == nil || !errors.Is(err, syscall.EADDRNOTAVAIL) {
				return conn, err
			}
			failed = err // its ports are all in use: the next address may have some
		}
		return nil, failed
	})
}

// explained says what to do where a system runs out of what connections need.
func explained(dial func(ctx context.Context, network, address string) (net.Conn, error)) func(ctx context.Context, network, address string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		switch {
		case errors.Is(err, syscall.EMFILE):
			return nil, fmt.Errorf("%w: this process may have no more connections; raise ulimit -n", err)
		case errors.Is(err, syscall.EADDRNOTAVAIL):
			return nil, fmt.Errorf("%w: no local port is left; --source-addresses adds more, or an address in it is not of this machine", err)
		}
		return conn, err
	}
}
