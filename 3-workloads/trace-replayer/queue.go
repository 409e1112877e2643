package main

import (
	"sync"
	"time"

	"github.com/LMCache/LMBench/tools/data/chat"
	"github.com/LMCache/LMBench/tools/data/trace"
)

// A promptQueue builds prompts before they are due, so that a batch of long ones
// can be sent at once. Prompts are lists of shared pieces: a full queue takes
// some megabytes instead of hundreds.
type promptQueue struct {
	ready  chan builtPrompt
	taken  chan struct{} // signals that a prompt was taken
	stop   chan struct{}
	worker sync.WaitGroup
}

// builtPrompt is a prompt and its reuse after all earlier prompts.
type builtPrompt struct {
	text  chat.Text
	reuse trace.Reuse
}

const (
	queueSize = 512
	// refillDelay keeps the builder from competing with a batch that is being sent.
	refillDelay = 20 * time.Millisecond
)

// begin builds the first prompts before it returns, and the others as prompts are
// taken.
func (q *promptQueue) begin(prompts *promptBuilder, requests []trace.Request) {
	q.ready = make(chan builtPrompt, queueSize)
	q.taken, q.stop = make(chan struct{}, 1), make(chan struct{})
	meter := newReuseMeter()
	build := func(r *trace.Request) builtPrompt {
		text := prompts.text(r)
		return builtPrompt{text, meter.add(text, prompts.blockLayout(r))}
	}
	first := min(len(requests), queueSize)
	for i := range requests[:first] {
		q.ready <- build(&requests[i])
	}
	q.worker.Go(func() { q.refill(requests[first:], build) })
}

// refill replaces the prompts that were taken.
func (q *promptQueue) refill(requests []trace.Request, build func(*trace.Request) builtPrompt) {
	delay := time.NewTimer(0)
	defer delay.Stop()
	for len(requests) > 0 {
		select {
		case <-q.taken:
		case <-q.stop:
			return
		}
		if len(q.ready) > queueSize/4 { // otherwise refill at once
			delay.Reset(refillDelay)
			select {
			case <-delay.C:
			case <-q.stop:
				return
			}
		}
		for len(requests) > 0 && len(q.ready) < queueSize {
			q.ready <- build(&requests[0])
			requests = requests[1:]
		}
	}
}

// next returns the next prompt and waits for it if necessary.
func (q *promptQueue) next() builtPrompt {
	next := <-q.ready
	select {
	case q.taken <- struct{}{}:
	default: // a signal is pending
	}
	return next
}

// end stops the worker.
func (q *promptQueue) end() {
	close(q.stop)
	q.worker.Wait()
}
