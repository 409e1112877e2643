package output

import "io"

// A lineWriter buffers rows and writes only complete lines, so that the file has
// no half row even if the process is killed.
type lineWriter struct {
	to      io.Writer
	pending []byte
}

// Write takes one or more complete lines.
func (w *lineWriter) Write(p []byte) (int, error) {
	w.pending = append(w.pending, p...)
	return len(p), nil
}

// flush writes the buffered lines. It keeps what a full disk does not accept.
func (w *lineWriter) flush() error {
	if len(w.pending) == 0 {
		return nil
	}
	n, err := w.to.Write(w.pending)
	if n > 0 {
		w.pending = w.pending[:copy(w.pending, w.pending[n:])]
	}
	return err
}
