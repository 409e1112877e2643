package http1

import (
	"context"
	"net"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func (d *Dialer) warmConns() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.warm)
}

func TestWarmThousands(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var now, most atomic.Int64
		d := &Dialer{Dial: func(context.Context, string, string) (net.Conn, error) {
			most.Store(max(most.Load(), now.Add(1)))
			defer now.Add(-1)
			time.Sleep(time.Second)
			client, _ := net.Pipe()
			return client, nil
		}}
		began := time.Now()
		if err := d.Warm(t.Context(), "h:1", 3*dialsAtOnce); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took != 3*time.Second || most.Load() > dialsAtOnce {
			t.Errorf("took %v, %d at once", took, most.Load())
		}
		if n := d.warmConns(); n != 3*dialsAtOnce {
			t.Errorf("%d warm connections", n)
		}
		if conn, err := d.DialContext(t.Context(), "tcp", "h:2"); err != nil || d.warmConns() != 3*dialsAtOnce {
			t.Errorf("a warm connection went to another address: %v, %v", conn, err)
		}
		time.Sleep(2 * warmTTL)
		if n := d.warmConns(); n != 0 {
			t.Errorf("%d warm connections long after", n)
		}
	})
}

// With real sockets: a connection that the server has closed meanwhile is not given out.
func TestClosedWarmConnectionsAreLeftOut(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	addr := listener.Addr().String()
	d := new(Dialer)
	defer d.CloseIdleConnections()
	if err := d.Warm(t.Context(), addr, 3); err != nil {
		t.Fatal(err)
	}
	var accepted []net.Conn
	for range 3 {
		conn, err := listener.Accept()
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		accepted = append(accepted, conn)
	}
	oldest := d.warm[0].LocalAddr().String()
	for _, conn := range accepted {
		if conn.RemoteAddr().String() == oldest {
			conn.Close()
		}
	}
	for alive(d.warm[0].Conn) { // until the close has come through
	}
	if got := d.takeWarm(addr); got == nil || got.LocalAddr().String() == oldest {
		t.Errorf("got %v, want one that is not closed", got)
	} else {
		got.Close()
	}
	if n := d.warmConns(); n != 1 {
		t.Errorf("%d warm connections are left, want 1", n)
	}
}
