package main

import (
	"context"
	"io"
	"os"
	"runtime"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// turn is how long a half keeps its processors.
const turn = 100 * time.Millisecond

// halves are two of p, each of which starts its children on half of the processors:
// what one does takes nothing from the other. They change places again and again
// until the end, since no two processors are alike, nor what else the machine does
// with them: ten seconds in one place differ by a twentieth from those in the other.
// Both are p itself where there is one processor.
func (p *process) halves() (halves [2]*process, end func()) {
	s := newSeesaw()
	if s == nil {
		return [2]*process{p, p}, func() {}
	}
	ctx, stop := context.WithCancel(context.Background())
	var swinging sync.WaitGroup
	swinging.Go(func() { s.swing(ctx) })
	return [2]*process{s.half(p, 0), s.half(p, 1)}, func() {
		stop()
		swinging.Wait()
	}
}

// seesaw has two halves of the processors, and whose they are.
type seesaw struct {
	all      unix.CPUSet
	mu       sync.Mutex // of all below
	places   [2]unix.CPUSet
	children [2][]int // their process ids
}

// newSeesaw is nil where there is one processor, or none is told.
func newSeesaw() *seesaw {
	var s seesaw
	if unix.SchedGetaffinity(0, &s.all) != nil || s.all.Count() < 2 {
		return nil
	}
	for cpu, n := 0, 0; n < s.all.Count(); cpu++ {
		if s.all.IsSet(cpu) {
			s.places[2*n/s.all.Count()].Set(cpu)
			n++
		}
	}
	return &s
}

// half is p with children in place k.
func (s *seesaw) half(p *process, k int) *process {
	half := *p
	half.spawn = func(ctx context.Context, stderr io.Writer, args ...string) (*child, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		// A child is where the thread is that starts it.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		if err := unix.SchedSetaffinity(0, &s.places[k]); err != nil {
			return nil, err
		}
		defer unix.SchedSetaffinity(0, &s.all)
		started, err := p.spawn(ctx, stderr, args...)
		if err == nil {
			s.children[k] = append(s.children[k], started.pid)
		}
		return started, err
	}
	return &half
}

func (s *seesaw) swing(ctx context.Context) {
	ticker := time.NewTicker(turn)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			s.change()
		case <-ctx.Done():
			return
		}
	}
}

// change puts each half in the other's place.
func (s *seesaw) change() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.places[0], s.places[1] = s.places[1], s.places[0]
	for k, children := range s.children {
		alive := children[:0]
		for _, pid := range children {
			if move(pid, &s.places[k]) {
				alive = append(alive, pid)
			}
		}
		s.children[k] = alive
	}
}

// move moves all threads of a process; false: it has ended.
func move(pid int, to *unix.CPUSet) bool {
	threads, err := os.ReadDir("/proc/" + strconv.Itoa(pid) + "/task")
	if err != nil {
		return false
	}
	for _, thread := range threads {
		if tid, err := strconv.Atoi(thread.Name()); err == nil {
			_ = unix.SchedSetaffinity(tid, to) // it may just have ended
		}
	}
	return true
}
