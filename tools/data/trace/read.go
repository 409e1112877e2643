package trace

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
)

// Open reads a file.
func Open(path string, unit Unit) (*Trace, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return Read(path, file, unit)
}

// ErrNoRequest is wrapped by Read's error for a trace without a single request.
var ErrNoRequest = errors.New("no request in it")

// Read reads a trace of any format. The name is for faults. Lines that are no
// requests are passed over and told in the trace; an error is what leaves
// nothing to replay.
func Read(name string, r io.Reader, unit Unit) (*Trace, error) {
	input := bufio.NewReaderSize(r, 1<<16)
	format, first, err := detect(input)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	l := &lines{name: name, trace: &Trace{Format: format, Unit: unit}}
	switch format {
	case JSONL:
		err = l.readJSON(io.MultiReader(bytes.NewReader(first), input))
	default:
		err = l.readCSV(io.MultiReader(bytes.NewReader(first), input))
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return l.arrange()
}

// lines is a trace being read.
type lines struct {
	name   string
	trace  *Trace
	stamps []stamp // of trace.Requests
}

// fault notes a line that is no request.
func (l *lines) fault(line int, err error) {
	l.trace.Faulty++
	if len(l.trace.Faults) < MaxFaults {
		l.trace.Faults = append(l.trace.Faults, Fault{l.name, line, err})
	}
}

// add takes a line in, if it can be a request.
func (l *lines) add(r Request, text string) {
	at, err := parseStamp(text)
	switch {
	case err != nil:
	case len(l.stamps) > 0 && at.dated != l.stamps[0].dated:
		err = errors.New("the timestamp is of another kind than those before: a date among numbers, or a number among dates")
	case r.Input < 1:
		err = fmt.Errorf("a prompt of %d tokens, want at least 1", r.Input)
	case r.Output < 1:
		err = fmt.Errorf("an answer of %d tokens, want at least 1", r.Output)
	case r.Input > longest || r.Output > longest:
		err = fmt.Errorf("a prompt of %d and an answer of %d tokens, want at most %d", r.Input, r.Output, longest)
	}
	if err != nil {
		l.fault(r.Line, err)
		return
	}
	l.trace.Requests = append(l.trace.Requests, r)
	l.stamps = append(l.stamps, at)
}

// longest is more tokens than any model takes.
const longest = 100_000_000

// arrange puts the requests in order and their times in place.
func (l *lines) arrange() (*Trace, error) {
	t := l.trace
	if len(t.Requests) == 0 {
		err := fmt.Errorf("%s: %w", l.name, ErrNoRequest)
		if t.Faulty > 0 {
			err = fmt.Errorf("%w: %d lines are none, the first: %w", err, t.Faulty, t.Faults[0])
		}
		return nil, err
	}
	l.sort()
	switch {
	case l.stamps[0].dated:
		t.Unit = Nanosecond
	case t.Unit == Auto && t.Format == BurstGPT:
		t.Unit = Second
	case t.Unit == Auto:
		t.Unit, t.Guessed = guessUnit(l.stamps)
	}
	t.Epoch = l.stamps[0].epoch(t.Unit)
	kept := t.Requests[:0]
	for i, r := range t.Requests {
		at, err := l.stamps[i].since(l.stamps[0], t.Unit)
		if err != nil {
			l.fault(r.Line, err)
			continue
		}
		r.At = at
		kept = append(kept, r)
	}
	t.Requests = kept
	return t, nil
}

// sort orders requests by their stamps, those of one instant by their lines.
func (l *lines) sort() {
	earlier := func(i, j int) int { return l.stamps[i].compare(l.stamps[j]) }
	order := make([]int, len(l.stamps))
	for i := range order {
		order[i] = i
	}
	if l.trace.Sorted = slices.IsSortedFunc(order, earlier); l.trace.Sorted {
		return
	}
	slices.SortStableFunc(order, earlier)
	requests, stamps := make([]Request, len(order)), make([]stamp, len(order))
	for to, from := range order {
		requests[to], stamps[to] = l.trace.Requests[from], l.stamps[from]
	}
	l.trace.Requests, l.stamps = requests, stamps
}
