package sharegpt

import (
	"context"
	"iter"
	"runtime"
	"sync"
)

// processInOrder calls process for the selected records on all cores and write
// for the results in the records' order. It calls selects for each record in
// order, to learn whether to process it and whether to read another.
func processInOrder[T any](ctx context.Context, records iter.Seq2[*Record, error], selects func(*Record) (process, more bool),
	process func(context.Context, *Record) (T, error), write func(*Record, T) error) error {
	type job struct {
		record *Record
		result T
		err    error
		done   chan struct{}
	}
	ctx, cancel := context.WithCancel(ctx)
	workers := runtime.GOMAXPROCS(0)
	jobs := make(chan *job)
	var pool sync.WaitGroup
	for range workers {
		pool.Go(func() {
			for j := range jobs {
				j.result, j.err = process(ctx, j.record)
				close(j.done)
			}
		})
	}
	defer pool.Wait()
	defer close(jobs)
	defer cancel()
	var pending []*job
	// flush writes the oldest results until at most limit jobs are pending.
	flush := func(limit int) error {
		for len(pending) > limit {
			j := pending[0]
			pending = pending[1:]
			<-j.done
			if j.err != nil {
				return j.err
			}
			if err := write(j.record, j.result); err != nil {
				return err
			}
		}
		return ctx.Err()
	}
	for record, err := range records {
		if err != nil {
			return err
		}
		selected, more := selects(record)
		if selected {
			j := &job{record: record, done: make(chan struct{})}
			jobs <- j
			pending = append(pending, j)
			if err := flush(2 * workers); err != nil {
				return err
			}
		}
		if !more {
			break
		}
	}
	return flush(0)
}
