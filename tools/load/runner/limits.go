package runner

import (
	"errors"
	"fmt"

	"github.com/LMCache/LMBench/tools/load/workload"
)

// Limits are what the system allows this process; 0: unknown.
type Limits struct {
	Files int // file descriptors; each connection needs one
	Ports int // local ports of one address for connections to one engine
}

// otherFiles are descriptors for other things than connections: files, pipes, the
// poller.
const otherFiles = 64

// check reports, before anything is sent, whether descriptors or ports would run
// out.
func (l Limits) check(stages []workload.Stage, sources int) error {
	most := 0
	for _, s := range stages {
		most = max(most, s.Connections, s.Burst)
	}
	var faults []error
	if need := most + otherFiles; l.Files > 0 && need > l.Files {
		faults = append(faults, fmt.Errorf("%d connections at once need %d file descriptors and this process may have %d: raise ulimit -Hn, for systemd LimitNOFILE=, in a container --ulimit nofile=%d", most, need, l.Files, need))
	}
	if have := l.Ports * max(1, sources); have > 0 && most > have {
		faults = append(faults, fmt.Errorf("%d connections at once need more than the %d local ports: give %d addresses of this machine with --source-addresses, or widen net.ipv4.ip_local_port_range", most, have, (most+l.Ports-1)/l.Ports))
	}
	return errors.Join(faults...)
}
