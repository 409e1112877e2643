// Package metronome is an engine of known timing, for measuring clients: it
// answers with chunks at a set cadence and notes when it wrote each.
//
// It spends as little as it can, since it shares the machine with the client
// under test: raw connections, answers made once, one goroutine that writes
// them all. What it wrote when is exact; its cadence is kept to 0.1 ms.
package refengine

import (
	"cmp"
	"errors"
	"net"
	"slices"
	"sync"
	"time"
)

// Config is what each answer is like.
type Config struct {
	First  time.Duration // from the request, read whole, to the first chunk
	Gap    time.Duration // between two chunks
	Chunks int           // of an answer; 0: one
	Size   int           // bytes of text in each chunk; 0: 6
	Whole  bool          // the same text as one document, not streamed, after First

	Precise bool // see schedule.NewTimer: false in virtual time
}

// Note is what happened to one request. Times count from Engine.Started.
type Note struct {
	User    string          // its x-user-id, by which a client's own stamps are found
	Read    time.Duration   // its last byte was read
	Written []time.Duration // just before each chunk was handed to the connection; fewer than Chunks if the client went away
}

// Engine serves completions and chat completions on whatever it listens to.
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
	notes     []Note
}

// New makes an engine that is ready to serve.
func New(config Config) (*Engine, error) {
	if config.First < 0 || config.Gap < 0 || config.Chunks < 0 || config.Size < 0 {
		return nil, errors.New("a metronome's times and sizes are not negative")
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

// Serve answers on a listener until the engine is closed, which is no error.
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
			e.working.Go(func() { e.converse(conn) })
		}
	}
}

// Close ends everything and waits for it.
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

// Notes are those of the answers that have ended since it was last called. An
// answer is noted before its last chunk is written, so that a client which has
// it whole finds its note.
func (e *Engine) Notes() []Note {
	e.mu.Lock()
	defer e.mu.Unlock()
	notes := e.notes
	e.notes = nil
	return slices.Clip(notes)
}

func (e *Engine) note(n Note) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.notes = append(e.notes, n)
}

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
