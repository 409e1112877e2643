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

// swapPeriod is how long a child keeps its set of CPUs.
const swapPeriod = 100 * time.Millisecond

// split returns two processes like p whose children run on disjoint halves of the CPUs,
// so that one does not take CPU time from the other. The halves are swapped every
// swapPeriod until stop is called: CPUs differ, and so does what else runs on them, by
// about 5 % over ten seconds. With a single CPU both are p itself.
func (p *process) split() (halves [2]*process, stop func()) {
	c := newCPUSets()
	if c == nil {
		return [2]*process{p, p}, func() {}
	}
	ctx, cancel := context.WithCancel(context.Background())
	var swapping sync.WaitGroup
	swapping.Go(func() { c.swapPeriodically(ctx) })
	return [2]*process{c.half(p, 0), c.half(p, 1)}, func() {
		cancel()
		swapping.Wait()
	}
}

// cpuSets are two disjoint sets of CPUs and the children that run on them.
type cpuSets struct {
	all      unix.CPUSet
	mu       sync.Mutex // guards the fields below
	sets     [2]unix.CPUSet
	children [2][]int // process ids
}

// newCPUSets returns nil if there is a single CPU, or if the CPUs are unknown.
func newCPUSets() *cpuSets {
	var c cpuSets
	if unix.SchedGetaffinity(0, &c.all) != nil || c.all.Count() < 2 {
		return nil
	}
	for cpu, n := 0, 0; n < c.all.Count(); cpu++ {
		if c.all.IsSet(cpu) {
			c.sets[2*n/c.all.Count()].Set(cpu)
			n++
		}
	}
	return &c
}

// half returns a process like p whose children run on set k.
func (c *cpuSets) half(p *process, k int) *process {
	half := *p
	half.spawn = func(ctx context.Context, stderr io.Writer, args ...string) (*child, error) {
		c.mu.Lock()
		defer c.mu.Unlock()
		// A child inherits the CPUs of the thread that starts it.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		if err := unix.SchedSetaffinity(0, &c.sets[k]); err != nil {
			return nil, err
		}
		defer unix.SchedSetaffinity(0, &c.all)
		started, err := p.spawn(ctx, stderr, args...)
		if err == nil {
			c.children[k] = append(c.children[k], started.pid)
		}
		return started, err
	}
	return &half
}

func (c *cpuSets) swapPeriodically(ctx context.Context) {
	ticker := time.NewTicker(swapPeriod)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			c.swap()
		case <-ctx.Done():
			return
		}
	}
}

// swap moves the children of each set to the other set.
func (c *cpuSets) swap() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sets[0], c.sets[1] = c.sets[1], c.sets[0]
	for k, children := range c.children {
		alive := children[:0]
		for _, pid := range children {
			if setCPUs(pid, &c.sets[k]) {
				alive = append(alive, pid)
			}
		}
		c.children[k] = alive
	}
}

// setCPUs moves all threads of a process to a set of CPUs. It reports whether the
// process still runs.
func setCPUs(pid int, set *unix.CPUSet) bool {
	threads, err := os.ReadDir("/proc/" + strconv.Itoa(pid) + "/task")
	if err != nil {
		return false
	}
	for _, thread := range threads {
		if tid, err := strconv.Atoi(thread.Name()); err == nil {
			_ = unix.SchedSetaffinity(tid, set) // the thread may just have ended
		}
	}
	return true
}
