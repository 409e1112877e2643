package http1

import (
	"sync"
	"time"
)

// idlePool holds a host's idle connections. The one that was used last comes first.
type idlePool struct {
	mu    sync.Mutex
	conns []*conn
}

// take returns nil if there is no idle connection.
func (p *idlePool) take() *conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := len(p.conns)
	if n == 0 {
		return nil
	}
	last := p.conns[n-1]
	p.conns[n-1] = nil
	p.conns = p.conns[:n-1]
	return last
}

func (p *idlePool) put(c *conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.conns = append(p.conns, c)
}

// removeUntil removes and returns the connections that have been idle since t or longer.
func (p *idlePool) removeUntil(t time.Time) (removed []*conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.conns) > 0 && !p.conns[0].idleSince.After(t) {
		removed = append(removed, p.conns[0])
		p.conns[0] = nil
		p.conns = p.conns[1:]
	}
	return removed
}
