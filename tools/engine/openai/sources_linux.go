package openai

import "syscall"

// portAtConnect leaves the choice of a port to connect, which looks for one that
// is free towards this engine; bind would want one that is free altogether.
func portAtConnect(_, _ string, conn syscall.RawConn) error {
	const bindAddressNoPort = 24 // IP_BIND_ADDRESS_NO_PORT of linux/in.h; of IPv6 too
	return conn.Control(func(fd uintptr) {
		// A kernel before 4.2 does not know it: then there are fewer ports, no fault.
		_ = syscall.SetsockoptInt(int(fd), syscall.SOL_IP, bindAddressNoPort, 1)
	})
}
