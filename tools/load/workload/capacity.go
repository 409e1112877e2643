package workload

import (
	"errors"
	"fmt"
)

// Capacity is what the system lets this process have; 0: not known.
type Capacity struct {
	Files int // descriptors, of which each connection is one
	Ports int // local ports of one address for connections to one engine
}

// spareFiles are for what is no connection: files, pipes, the poller's own.
const spareFiles = 64

// check tells before anything is sent what would fail for want of descriptors
// or ports.
func (c Capacity) check(stages []Stage, sources int) error {
	most := 0
	for _, s := range stages {
		most = max(most, s.Connections, s.AtOnce)
	}
	var faults []error
	if need := most + spareFiles; c.Files > 0 && need > c.Files {
		faults = append(faults, fmt.Errorf("%d connections at once need %d file descriptors and this process may have %d: raise ulimit -Hn, for systemd LimitNOFILE=, in a container --ulimit nofile=%d", most, need, c.Files, need))
	}
	if have := c.Ports * max(1, sources); have > 0 && most > have {
		faults = append(faults, fmt.Errorf("%d connections at once need more local ports than there are, %d: give %d addresses of this machine with --source-addresses, or widen net.ipv4.ip_local_port_range", most, have, (most+c.Ports-1)/c.Ports))
	}
	return errors.Join(faults...)
}
