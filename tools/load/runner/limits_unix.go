//go:build unix

package runner

import (
	"fmt"
	"os"
	"syscall"
)

// systemLimits returns the limits of this process. The Go runtime has raised the
// soft limit of descriptors to the hard one already.
func systemLimits() Limits {
	var l Limits
	var files syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &files); err == nil && files.Cur < 1<<30 {
		l.Files = int(files.Cur)
	}
	// The file exists on Linux only.
	if text, err := os.ReadFile("/proc/sys/net/ipv4/ip_local_port_range"); err == nil {
		var first, last int
		if _, err := fmt.Sscan(string(text), &first, &last); err == nil && last >= first {
			l.Ports = last - first + 1
		}
	}
	return l
}
