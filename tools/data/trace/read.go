package trace

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/LMCache/LMBench/tools/data/userfile"
)

// Open reads a trace file.
func Open(path string, unit Unit) (*Trace, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return Read(path, file, unit)
}

// ErrNoRequests is wrapped by Read's error for a trace without a valid request.
var ErrNoRequests = errors.New("no valid requests")

// Read reads a trace of any format. It skips invalid lines and lists them in the
// trace, by the given name and their number, and fails if no line is valid.
func Read(name string, r io.Reader, unit Unit) (*Trace, error) {
	input := bufio.NewReaderSize(userfile.WithoutMark(r), 1<<16)
	format, first, err := detect(input)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	p := &parser{name: name, trace: &Trace{Format: format, Unit: unit}}
	switch format {
	case JSONL:
		err = p.readJSON(io.MultiReader(bytes.NewReader(first), input))
	default:
		err = p.readCSV(io.MultiReader(bytes.NewReader(first), input))
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return p.finish()
}

// A parser collects the lines of a trace.
type parser struct {
	name       string
	trace      *Trace
	timestamps []timestamp // of trace.Requests
}

// addInvalid counts an invalid line.
func (p *parser) addInvalid(line int, err error) {
	p.trace.InvalidCount++
	if len(p.trace.Invalid) < MaxInvalid {
		p.trace.Invalid = append(p.trace.Invalid, InvalidLine{p.name, line, err})
	}
}

// add adds a line if its values are valid.
func (p *parser) add(r Request, text string) {
	at, err := parseTimestamp(text)
	switch {
	case err != nil:
	case len(p.timestamps) > 0 && at.isDate != p.timestamps[0].isDate:
		err = errors.New("the timestamp is a date and the earlier ones are numbers, or the reverse")
	case r.Input < 1:
		err = fmt.Errorf("prompt of %d tokens: want at least 1", r.Input)
	case r.Output < 1:
		err = fmt.Errorf("answer of %d tokens: want at least 1", r.Output)
	case r.Input > maxTokens || r.Output > maxTokens:
		err = fmt.Errorf("prompt of %d and answer of %d tokens: want at most %d each", r.Input, r.Output, maxTokens)
	}
	if err != nil {
		p.addInvalid(r.Line, err)
		return
	}
	p.trace.Requests = append(p.trace.Requests, r)
	p.timestamps = append(p.timestamps, at)
}

// maxTokens is above the context length of any model.
const maxTokens = 100_000_000

// finish sorts the requests and converts their timestamps.
func (p *parser) finish() (*Trace, error) {
	t := p.trace
	if len(t.Requests) == 0 {
		err := fmt.Errorf("%s: %w", p.name, ErrNoRequests)
		if t.InvalidCount > 0 {
			err = fmt.Errorf("%w; %d invalid lines, the first: %w", err, t.InvalidCount, t.Invalid[0])
		}
		return nil, err
	}
	p.separateUnits()
	p.sort()
	switch {
	case p.timestamps[0].isDate:
		t.Unit = Nanosecond
	case t.Unit == Auto && t.Format == BurstGPT:
		t.Unit = Second
	case t.Unit == Auto:
		t.Unit, t.UnitReason = guessUnit(p.timestamps)
	}
	t.Epoch = p.timestamps[0].epoch(t.Unit)
	kept := t.Requests[:0]
	for i, r := range t.Requests {
		at, err := p.timestamps[i].since(p.timestamps[0], t.Unit)
		if err != nil {
			p.addInvalid(r.Line, err)
			continue
		}
		r.At = at
		kept = append(kept, r)
	}
	t.Requests = kept
	return t, nil
}

// sort sorts requests by their timestamps and keeps the order of equal ones.
func (p *parser) sort() {
	earlier := func(i, j int) int { return p.timestamps[i].compare(p.timestamps[j]) }
	order := make([]int, len(p.timestamps))
	for i := range order {
		order[i] = i
	}
	if p.trace.Sorted = slices.IsSortedFunc(order, earlier); p.trace.Sorted {
		return
	}
	slices.SortStableFunc(order, earlier)
	requests, timestamps := make([]Request, len(order)), make([]timestamp, len(order))
	for to, from := range order {
		requests[to], timestamps[to] = p.trace.Requests[from], p.timestamps[from]
	}
	p.trace.Requests, p.timestamps = requests, timestamps
}
