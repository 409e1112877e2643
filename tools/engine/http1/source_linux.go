package http1

import "syscall"

// portAtConnect leaves the choice of a port to connect, which takes one that is
// free for this server's address; bind would take only a port that no connection uses.
func portAtConnect(_, _ string, conn syscall.RawConn) error {
	const bindAddressNoPort = 24 // IP_BIND_ADDRESS_NO_PORT of linux/in.h; of IPv6 too
	return conn.Control(func(fd uintptr) {
		// Kernels before 4.2 do not know it and have fewer ports.
		_ = syscall.SetsockoptInt(int(fd), syscall.SOL_IP, bindAddressNoPort, 1)
	})
}
