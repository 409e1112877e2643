package sharegpt

import (
	"context"
	"iter"
	"runtime"
	"sync"
)

// inOrder works on entries on all cores and writes what came of them in the
// order they have. take says of each entry, in order, whether it is worked on
// and whether there is more to read.
func inOrder[T any](ctx context.Context, entries iter.Seq2[*Entry, error], take func(*Entry) (work, more bool),
	work func(context.Context, *Entry) (T, error), write func(*Entry, T) error) error {
	type job struct {
		entry *Entry
		made  T
		err   error
		done  chan struct{}
	}
	ctx, cancel := context.WithCancel(ctx)
	workers := runtime.GOMAXPROCS(0)
	jobs := make(chan *job)
	var working sync.WaitGroup
	for range workers {
		working.Go(func() {
			for j := range jobs {
				j.made, j.err = work(ctx, j.entry)
				close(j.done)
			}
		})
	}
	defer working.Wait()
	defer close(jobs)
	defer cancel()
	var waiting []*job
	finish := func(most int) error {
		for len(waiting) > most {
			j := waiting[0]
			waiting = waiting[1:]
			<-j.done
			if j.err != nil {
				return j.err
			}
			if err := write(j.entry, j.made); err != nil {
				return err
			}
		}
		return ctx.Err()
	}
	for entry, err := range entries {
		if err != nil {
			return err
		}
		taken, more := take(entry)
		if taken {
			j := &job{entry: entry, done: make(chan struct{})}
			jobs <- j
			waiting = append(waiting, j)
			if err := finish(2 * workers); err != nil {
				return err
			}
		}
		if !more {
			break
		}
	}
	return finish(0)
}
