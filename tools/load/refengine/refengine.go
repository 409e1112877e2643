// Package refengine provides a reference engine for measuring clients. It answers with
// chunks at a fixed interval and logs when it wrote each of them.
//
// The engine shares the machine with the client under test, so it uses little CPU time:
// it works on raw connections, prepares its answers once, and writes all of them from
// one goroutine. Logged times are exact; the interval is kept to within 0.1 ms.
package refengine

import (
	"cmp"
	"errors"
	"net"
	"slices"
	"sync"
	"time"
)

// A Config describes the answers, which are all alike.
type Config struct {
	First  time.Duration // from the end of the request to the first chunk
	Gap    time.Duration // between two chunks
	Chunks int           // per answer; 0 means 1
	Size   int           // bytes of text per chunk; 0 means 6
	Whole  bool          // send the text as one JSON document after First, not as a stream

	Precise bool // passed to schedule.NewTimer; must be false in virtual time
}

// A LogEntry says what happened to one request. Times count from Engine.Started.
type LogEntry struct {
	User    string          // x-user-id, which identifies the request
	Read    time.Duration   // when its last byte had been read
	Written []time.Duration // just before each chunk was written; fewer than Chunks if the client closed the connection
}

// An Engine serves completions and chat completions.
type Engine struct {
	Started time.Time

	config      Config
	completions answer
	chat        answer
	pacer       *pacer
	working     sync.WaitGroup

	mu        sync.Mutex
	closed    bool
	listeners []net.Listener
	conns     map[net.Conn]struct{}
	log       []LogEntry
}

// New returns an engine that is ready to serve. The caller must close it.
func New(config Config) (*Engine, error) {
	if config.First < 0 || config.Gap < 0 || config.Chunks < 0 || config.Size < 0 {
		return nil, errors.New("reference engine: times and sizes must not be negative")
	}
	config.Chunks = cmp.Or(config.Chunks, 1)
	config.Size = cmp.Or(config.Size, 6)
	e := &Engine{
		Started: time.Now(), config: config, conns: map[net.Conn]struct{}{},
		completions: newAnswer(config, completionShape), chat: newAnswer(config, chatShape),
	}
	e.pacer = newPacer(e)
	e.working.Go(e.pacer.run)
	return e, nil
}

// Serve answers requests on a listener. It returns nil when the engine is closed.
func (e *Engine) Serve(listener net.Listener) error {
	e.mu.Lock()
	e.listeners = append(e.listeners, listener)
	closed := e.closed
	e.mu.Unlock()
	if closed {
		return listener.Close()
	}
	for {
		conn, err := listener.Accept()
		if err != nil {
			e.mu.Lock()
			defer e.mu.Unlock()
			if e.closed {
				return nil
			}
			return err
		}
		if e.add(conn) {
			e.working.Go(func() { e.serveConn(conn) })
		}
	}
}

// Close closes all listeners and connections, and waits until they have ended.
func (e *Engine) Close() {
	e.mu.Lock()
	if e.closed {
		e.mu.Unlock()
		return
	}
	e.closed = true
	for _, listener := range e.listeners {
		listener.Close()
	}
	for conn := range e.conns {
		conn.Close()
	}
	e.mu.Unlock()
	e.pacer.end()
	e.working.Wait()
}

// Log returns the entries of the answers that have ended since the previous call. An
// entry is added before the last chunk is written, so a client that has received the
// complete answer finds it.
func (e *Engine) Log() []LogEntry {
	e.mu.Lock()
	defer e.mu.Unlock()
	entries := e.log
	e.log = nil
	return slices.Clip(entries)
}

func (e *Engine) addLog(entry LogEntry) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.log = append(e.log, entry)
}

// add registers a connection. It reports whether the engine is still open.
func (e *Engine) add(conn net.Conn) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		conn.Close()
		return false
	}
	e.conns[conn] = struct{}{}
	return true
}

func (e *Engine) remove(conn net.Conn) {
	conn.Close()
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.conns, conn)
}
