//go:build unix

package workload

import (
	"fmt"
	"os"
	"syscall"
)

// capacity asks the system. Go has raised the soft limit of descriptors to the
// hard one by now.
func capacity() Capacity {
	var c Capacity
	var files syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &files); err == nil && files.Cur < 1<<30 {
		c.Files = int(files.Cur)
	}
	// Linux's; elsewhere the file is not there.
	if text, err := os.ReadFile("/proc/sys/net/ipv4/ip_local_port_range"); err == nil {
		var first, last int
		if _, err := fmt.Sscan(string(text), &first, &last); err == nil && last >= first {
			c.Ports = last - first + 1
		}
	}
	return c
}
