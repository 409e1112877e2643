package output

import (
	"context"
	"io"
	"os"
)

// An Opener opens a file for writing.
type Opener func(ctx context.Context, path string) (io.WriteCloser, error)

// Open returns an Opener of files, which are truncated. Opening a named pipe waits
// for a reader; the end of ctx ends that wait. A path that is another name of one of
// the streams, such as /dev/stdout, gives the stream itself: two open files of the
// same path would overwrite each other's output. Closing it leaves the stream open.
func Open(streams ...io.Writer) Opener {
	return func(ctx context.Context, path string) (io.WriteCloser, error) {
		if stream := streamAt(path, streams); stream != nil {
			return keepOpen{stream}, nil
		}
		if info, err := os.Stat(path); err != nil || info.Mode()&os.ModeNamedPipe == 0 {
			return create(path)
		}
		type result struct {
			file *os.File
			err  error
		}
		opened := make(chan result, 1)
		go func() { // lives until the pipe has a reader
			file, err := create(path)
			opened <- result{file, err}
		}()
		select {
		case r := <-opened:
			return r.file, r.err
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// create opens a file for writing only: holding the read end of a pipe as well
// would hide that its reader has left.
func create(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o666)
}

// streamAt returns the stream that path is another name of, or nil.
func streamAt(path string, streams []io.Writer) *os.File {
	at, err := os.Stat(path)
	if err != nil {
		return nil
	}
	for _, stream := range streams {
		if file, is := stream.(*os.File); is {
			if info, err := file.Stat(); err == nil && os.SameFile(at, info) {
				return file
			}
		}
	}
	return nil
}

// keepOpen is a file that others write to as well.
type keepOpen struct{ io.Writer }

// Close implements io.Closer. It does nothing.
func (keepOpen) Close() error { return nil }
