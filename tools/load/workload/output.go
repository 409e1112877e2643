package workload

import (
	"context"
	"io"
	"os"
)

// create opens a file to write it anew. A pipe with a name is opened when somebody
// opens its other end; a signal ends that wait.
func (w *World) create(ctx context.Context, path string) (io.WriteCloser, error) {
	if w.Create != nil {
		return w.Create(path)
	}
	if stream := w.streamAt(path); stream != nil {
		return kept{stream}, nil
	}
	// Not for reading too: who reads a pipe as well never learns that all others
	// have left, and waits for them when it is full.
	open := func() (*os.File, error) { return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o666) }
	if info, err := os.Stat(path); err != nil || info.Mode()&os.ModeNamedPipe == 0 {
		return open()
	}
	type result struct {
		file *os.File
		err  error
	}
	opened := make(chan result, 1)
	go func() {
		file, err := open()
		opened <- result{file, err}
	}()
	select {
	case r := <-opened:
		return r.file, r.err
	case <-ctx.Done():
		return nil, errInterrupted
	}
}

// streamAt is the standard stream that a path like /dev/stdout is another name of;
// nil: it is none. Opened by that name it would have a place of its own in a file,
// and rows and figures would overwrite each other.
func (w *World) streamAt(path string) *os.File {
	at, err := os.Stat(path)
	if err != nil {
		return nil
	}
	for _, stream := range []io.Writer{w.Stdout, w.Stderr} {
		if file, is := stream.(*os.File); is {
			if info, err := file.Stat(); err == nil && os.SameFile(at, info) {
				return file
			}
		}
	}
	return nil
}

// kept is a file that others go on writing to.
type kept struct{ io.Writer }

func (kept) Close() error { return nil }
