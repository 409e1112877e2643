package refengine

import (
	"net"
	"sync"
	"time"

	"github.com/LMCache/LMBench/tools/load/schedule"
)

// grain is the least time between two wake-ups. What falls due within it is
// written together: at 20,000 chunks a second waking up for each would take as
// much of the machine as writing it.
const grain = 100 * time.Microsecond

// stream is an answer under way.
type stream struct {
	conn   net.Conn
	answer *answer
	note   Note
	due    time.Duration // of its next chunk, since Engine.Started
}

// pacer writes all answers. Each queue is in the order of due times by itself:
// all first chunks come the same time after their requests, all others the
// same time after one that was taken in that order.
type pacer struct {
	engine *Engine
	alarm  *schedule.Timer
	wake   chan struct{} // the first queue is no longer empty
	ended  chan struct{}
	once   sync.Once

	mu     sync.Mutex
	first  queue
	others queue // of run alone
}

func newPacer(e *Engine) *pacer {
	return &pacer{engine: e, alarm: schedule.NewTimer(e.config.Precise), wake: make(chan struct{}, 1), ended: make(chan struct{})}
}

func (p *pacer) end() { p.once.Do(func() { close(p.ended) }) }

// begin takes a stream whose request was just read.
func (p *pacer) begin(s *stream) {
	p.mu.Lock()
	s.note.Read = time.Since(p.engine.Started) // under the lock, for the order of the queue
	s.due = s.note.Read + p.engine.config.First
	waiting := p.first.push(s)
	p.mu.Unlock()
	if waiting == 1 {
		select {
		case p.wake <- struct{}{}:
		default:
		}
	}
}

func (p *pacer) run() {
	defer p.alarm.Stop()
	for {
		due, some := p.writeDue()
		var rung <-chan time.Time
		if some {
			at := max(due, time.Since(p.engine.Started)+grain)
			rung = p.alarm.Set(p.engine.Started.Add(at))
		}
		select {
		case <-rung:
		case <-p.wake:
		case <-p.ended:
			return
		}
	}
}

// writeDue writes what is due and tells when the next chunk is.
func (p *pacer) writeDue() (due time.Duration, some bool) {
	for {
		s := p.next()
		if s == nil {
			return 0, false
		}
		if s.due > time.Since(p.engine.Started) {
			return s.due, true
		}
		p.take(s)
		if p.engine.write(s) && len(s.note.Written) < p.engine.config.Chunks && !p.engine.config.Whole {
			s.due += p.engine.config.Gap
			p.others.push(s)
		}
	}
}

// next is the stream that is due next, or nil.
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
	if len(s.note.Written) > 0 {
		p.others.pop()
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.first.pop()
}

// write writes a stream's next chunk; false: the client went away.
func (e *Engine) write(s *stream) bool {
	n := e.config.Chunks
	i := len(s.note.Written)
	data, last := s.answer.chunk(i, n), i == n-1
	if e.config.Whole {
		data, last = s.answer.whole, true
	}
	if s.note.Written == nil && !last {
		s.note.Written = make([]time.Duration, 0, n)
	}
	s.note.Written = append(s.note.Written, time.Since(e.Started))
	if last {
		e.note(s.note)
	}
	_, err := s.conn.Write(data)
	if err != nil {
		s.conn.Close()
		if !last {
			e.note(s.note)
		}
	}
	return err == nil
}

// queue is first in, first out.
type queue struct {
	streams []*stream
	taken   int
}

// push returns how many there are.
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
