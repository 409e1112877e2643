package output

import (
	"errors"
	"time"

	"github.com/LMCache/LMBench/tools/results/eventlog"
	"github.com/LMCache/LMBench/tools/results/verdict"
)

// Rows and events stay in this process, where a kill -9 would lose them, for at
// most flushInterval or maxPending bytes of rows. Writing each row by itself took
// longer than formatting it.
const (
	flushInterval = 250 * time.Millisecond
	maxPending    = 32 << 10
)

// WriterStats say how the writer kept up.
type WriterStats struct {
	Err      error         // the first one
	Longest  time.Duration // that one event took
	MaxQueue int           // events that waited at once
}

// Facts returns what the verdict needs. Blocked is how long sending waited for the
// writer.
func (w *WriterStats) Facts(blocked time.Duration) verdict.Writer {
	const many = 1000 // events; fewer are usual
	facts := verdict.Writer{StallMS: new(milliseconds(w.Longest)), HeldMS: new(milliseconds(blocked))}
	if w.MaxQueue > many {
		facts.QueueMax = w.MaxQueue
	}
	return facts
}

// milliseconds rounds to whole microseconds.
func milliseconds(d time.Duration) float64 { return float64(d.Round(time.Microsecond)) / 1e6 }

// Write writes what a queue gets until the queue ends, even after an error. Only
// one goroutine may use the files.
func (f *Files) Write(q *Queue) (stats WriterStats) {
	ticker := time.NewTicker(flushInterval)
	defer ticker.Stop()
	var b batch
	for !b.last {
		flush := false
		select {
		case <-q.wake:
		case <-ticker.C:
			flush = true
		}
		b = q.take(b)
		stats.MaxQueue = max(stats.MaxQueue, len(b.events))
		began := time.Now()
		for i := range b.started {
			began = stats.note(began, f.appendToLog(b.started[i]))
		}
		for _, event := range b.events {
			began = stats.note(began, f.write(event))
		}
		if flush || b.last {
			stats.note(began, f.flush())
		}
	}
	return stats
}

// note takes in how long a step took, and its error. It returns when it ended.
func (w *WriterStats) note(began time.Time, err error) (ended time.Time) {
	ended = time.Now()
	w.Longest = max(w.Longest, ended.Sub(began))
	if w.Err == nil {
		w.Err = err
	}
	return ended
}

// write writes one event to the log and, if it has a row, to the CSV.
func (f *Files) write(event eventlog.Event) error {
	err := f.appendToLog(event)
	if request, is := event.(*eventlog.Request); is {
		if f.figures != nil {
			f.figures.Add(&request.Row)
		}
		err = errors.Join(err, f.rows.Write(request.Row))
		if f.log == nil || len(f.lines.pending) >= maxPending { // the reader of a pipe waits for each row
			err = errors.Join(err, f.lines.flush())
		}
	}
	return err
}

// appendToLog adds an event to the log, if there is one.
func (f *Files) appendToLog(event eventlog.Event) error {
	if f.log == nil {
		return nil
	}
	return f.log.Write(event)
}

// flush passes rows and log to the operating system.
func (f *Files) flush() error {
	if f.log == nil {
		return f.lines.flush()
	}
	return errors.Join(f.log.Flush(), f.lines.flush())
}
