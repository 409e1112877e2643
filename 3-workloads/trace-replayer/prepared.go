package main

import (
	"sync"
	"time"

	"github.com/LMCache/LMBench/tools/data/chat"
	"github.com/LMCache/LMBench/tools/data/trace"
)

// prepared are the prompts that are ready before they are due, so that a batch
// of long ones leaves at once. A prompt is a list of shared pieces: the 512 that
// are ready take some megabytes, not the hundreds that their texts would.
type prepared struct {
	ready chan readyPrompt
	taken chan struct{} // something was taken
	stop  chan struct{}
	work  sync.WaitGroup
}

// readyPrompt is a prompt, and what could be reused of it if all those before
// it were sent.
type readyPrompt struct {
	text  chat.Text
	reuse trace.Reuse
}

const (
	readyAtMost = 512
	// restTime is how long a batch that is being sent is left alone.
	restTime = 20 * time.Millisecond
)

// begin prepares the first prompts before it returns, and the others as those
// are taken.
func (p *prepared) begin(composer *composer, requests []trace.Request) {
	p.ready = make(chan readyPrompt, readyAtMost)
	p.taken, p.stop = make(chan struct{}, 1), make(chan struct{})
	reader := newReader()
	prepare := func(r *trace.Request) readyPrompt {
		text := composer.text(r)
		return readyPrompt{text, reader.read(text, composer.grid(r))}
	}
	first := min(len(requests), readyAtMost)
	for i := range requests[:first] {
		p.ready <- prepare(&requests[i])
	}
	p.work.Go(func() { p.refill(requests[first:], prepare) })
}

// refill makes prompts for the room that taken ones left.
func (p *prepared) refill(requests []trace.Request, prepare func(*trace.Request) readyPrompt) {
	rest := time.NewTimer(0)
	defer rest.Stop()
	for len(requests) > 0 {
		select {
		case <-p.taken:
		case <-p.stop:
			return
		}
		if len(p.ready) > readyAtMost/4 { // else there is no time to lose
			rest.Reset(restTime)
			select {
			case <-rest.C:
			case <-p.stop:
				return
			}
		}
		for len(requests) > 0 && len(p.ready) < readyAtMost {
			p.ready <- prepare(&requests[0])
			requests = requests[1:]
		}
	}
}

// next is the next prompt; it waits for it if it is not ready.
func (p *prepared) next() readyPrompt {
	next := <-p.ready
	select {
	case p.taken <- struct{}{}:
	default: // that something was taken is known already
	}
	return next
}

// end stops preparing.
func (p *prepared) end() {
	close(p.stop)
	p.work.Wait()
}
