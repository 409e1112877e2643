package refengine

import (
	"net"
	"sync"
	"time"

	"github.com/LMCache/LMBench/tools/load/schedule"
)

// minSleep is the shortest time between two wake-ups. Chunks that become due within it
// are written together: at 20,000 chunks per second, a wake-up for each chunk would take
// as much CPU time as writing it.
const minSleep = 100 * time.Microsecond

// A stream is an answer that is being written.
type stream struct {
	conn   net.Conn
	answer *answer
	log    LogEntry
	due    time.Duration // when its next chunk is due, since Engine.Started
}

// A pacer writes all answers. Its two FIFO queues are in order of due times without
// sorting: first chunks are due a fixed time after their requests, and other chunks a
// fixed time after chunks that were written in that order.
type pacer struct {
	engine *Engine
	timer  *schedule.Timer
	wake   chan struct{} // signals that the first queue is no longer empty
	ended  chan struct{}
	once   sync.Once

	mu     sync.Mutex
	first  queue // streams whose first chunk is due next
	others queue // other streams; used by run only
}

func newPacer(e *Engine) *pacer {
	return &pacer{engine: e, timer: schedule.NewTimer(e.config.Precise), wake: make(chan struct{}, 1), ended: make(chan struct{})}
}

func (p *pacer) end() { p.once.Do(func() { close(p.ended) }) }

// begin adds a stream whose request has just been read.
func (p *pacer) begin(s *stream) {
	p.mu.Lock()
	s.log.Read = time.Since(p.engine.Started) // under the lock, so that the queue is in order
	s.due = s.log.Read + p.engine.config.First
	waiting := p.first.push(s)
	p.mu.Unlock()
	if waiting == 1 {
		select {
		case p.wake <- struct{}{}:
		default:
		}
	}
}

// run writes chunks until the pacer ends.
func (p *pacer) run() {
	defer p.timer.Stop()
	for {
		due, more := p.writeDue()
		var fired <-chan time.Time
		if more {
			at := max(due, time.Since(p.engine.Started)+minSleep)
			fired = p.timer.Set(p.engine.Started.Add(at))
		}
		select {
		case <-fired:
		case <-p.wake:
		case <-p.ended:
			return
		}
	}
}

// writeDue writes the chunks that are due, and returns when the next one is due, if
// there is one.
func (p *pacer) writeDue() (due time.Duration, more bool) {
	for {
		s := p.next()
		if s == nil {
			return 0, false
		}
		if s.due > time.Since(p.engine.Started) {
			return s.due, true
		}
		p.take(s)
		if p.engine.write(s) && len(s.log.Written) < p.engine.config.Chunks && !p.engine.config.Whole {
			s.due += p.engine.config.Gap
			p.others.push(s)
		}
	}
}

// next returns the stream that is due next, or nil.
func (p *pacer) next() *stream {
	p.mu.Lock()
	defer p.mu.Unlock()
	first, other := p.first.head(), p.others.head()
	if first == nil || other != nil && other.due <= first.due {
		return other
	}
	return first
}

// take removes a stream that is the head of its queue.
func (p *pacer) take(s *stream) {
	if len(s.log.Written) > 0 {
		p.others.pop()
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.first.pop()
}

// write writes the next chunk of a stream. It reports whether the connection still works.
func (e *Engine) write(s *stream) bool {
	n := e.config.Chunks
	i := len(s.log.Written)
	data, last := s.answer.chunk(i, n), i == n-1
	if e.config.Whole {
		data, last = s.answer.whole, true
	}
	if s.log.Written == nil && !last {
		s.log.Written = make([]time.Duration, 0, n)
	}
	s.log.Written = append(s.log.Written, time.Since(e.Started))
	if last {
		e.addLog(s.log)
	}
	_, err := s.conn.Write(data)
	if err != nil {
		s.conn.Close()
		if !last {
			e.addLog(s.log)
		}
	}
	return err == nil
}

// A queue holds streams, first in, first out.
type queue struct {
	streams []*stream
	taken   int // streams[:taken] have been removed
}

// push adds a stream and returns the length of the queue.
func (q *queue) push(s *stream) int {
	q.streams = append(q.streams, s)
	return len(q.streams) - q.taken
}

func (q *queue) head() *stream {
	if q.taken == len(q.streams) {
		return nil
	}
	return q.streams[q.taken]
}

func (q *queue) pop() {
	q.streams[q.taken] = nil
	q.taken++
	if q.taken == len(q.streams) || q.taken > 1024 && q.taken > len(q.streams)/2 {
		q.streams = append(q.streams[:0], q.streams[q.taken:]...)
		q.taken = 0
	}
}
