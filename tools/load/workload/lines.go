package workload

import "io"

// lines are rows on their way to a file, which has whole ones only, whatever ends
// this process.
type lines struct {
	to      io.Writer
	pending []byte
}

// Write takes one or more whole lines.
func (l *lines) Write(p []byte) (int, error) {
	l.pending = append(l.pending, p...)
	return len(p), nil
}

// flush hands them over. What a full disk did not take is kept for the next time.
func (l *lines) flush() error {
	if len(l.pending) == 0 {
		return nil
	}
	n, err := l.to.Write(l.pending)
	if n > 0 {
		l.pending = l.pending[:copy(l.pending, l.pending[n:])]
	}
	return err
}
