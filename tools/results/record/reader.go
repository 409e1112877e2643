package record

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// ErrNoHeader is yielded for a file without a header line.
var ErrNoHeader = errors.New("the file is empty: it has no header line")

// needed returns the columns without which no result can be computed.
func needed() []string {
	return []string{"prompt_tokens", "generation_tokens", "ttft", "generation_time", "launch_time", "finish_time"}
}

// Read yields the rows of a CSV. Columns may come in any order; unknown ones are ignored,
// missing ones stay zero. An error is yielded last: a missing column that every result
// needs, or a line that cannot be parsed, with its number.
//
// Chunks of whole records are parsed in parallel, because most of the time goes into
// numbers: a million rows per second and CPU, three times gocsv's rate.
func Read(r io.Reader) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		var all sync.WaitGroup
		defer all.Wait()
		done := make(chan struct{})
		defer close(done)
		parsed := make(chan chan batch, 3*runtime.GOMAXPROCS(0)) // in the file's order, with room so that no CPU waits for another
		spare := make(chan *parser, cap(parsed)+2)
		all.Go(func() {
			defer close(parsed)
			parseChunks(r, func(parse func(*parser) batch) bool {
				one := make(chan batch, 1)
				select {
				case parsed <- one:
				case <-done:
					return false
				}
				all.Go(func() {
					var by *parser
					select {
					case by = <-spare:
					default:
					}
					one <- parse(by)
				})
				return true
			})
		})
		for one := range parsed {
			batch := <-one
			for i := range batch.rows {
				if !yield(batch.rows[i], nil) {
					return
				}
			}
			if batch.err != nil {
				yield(Row{}, batch.err)
				return
			}
			select {
			case spare <- batch.by:
			default:
			}
		}
	}
}

// batch has the rows of one chunk, up to the first error. They are valid until their
// parser is used again.
type batch struct {
	rows []Row
	by   *parser
	err  error
}

// parseChunks splits r into chunks and calls start with a function that parses each, by
// the given parser or, if that is nil, a new one. It ends when start returns false.
func parseChunks(r io.Reader, start func(parse func(by *parser) batch) bool) {
	chunks := splitter{from: r, line: 1}
	failed := func(err error) { start(func(*parser) batch { return batch{err: err} }) }
	first, err := chunks.next()
	if err != nil && err != io.EOF {
		failed(err)
		return
	}
	columns, rest, err := readHeader(first)
	for err == ErrNoHeader { // a chunk of blank lines
		if first, err = chunks.next(); err == io.EOF {
			err = ErrNoHeader
			break
		}
		if err == nil {
			columns, rest, err = readHeader(first)
		}
	}
	if err != nil {
		failed(err)
		return
	}
	for b := rest; ; {
		current := b
		parse := func(by *parser) batch {
			if by == nil {
				by = newParser(columns)
			}
			err := by.parse(current)
			return batch{by.rows, by, err}
		}
		if current.text != "" && !start(parse) {
			return
		}
		if b, err = chunks.next(); err != nil {
			if err != io.EOF {
				failed(err)
			}
			return
		}
	}
}

// columns is a header.
type columns struct {
	names []string
	text  string // as in the file, with its line end
}

func readHeader(b chunk) (columns, chunk, error) {
	lines := csv.NewReader(strings.NewReader(b.text))
	names, err := lines.Read()
	if err == io.EOF {
		return columns{}, b, ErrNoHeader
	}
	if err != nil {
		return columns{}, b, err
	}
	names = plainNames(names)
	if err := missing(names); err != nil {
		line, _ := lines.FieldPos(0)
		return columns{}, b, fmt.Errorf("line %d: %w", line, err)
	}
	end := lines.InputOffset()
	header := columns{names, b.text[:end]}
	return header, chunk{b.text[end:], b.line + strings.Count(header.text, "\n")}, nil
}

func missing(header []string) error {
	var errs []error
	for _, name := range needed() {
		if !slices.Contains(header, name) {
			errs = append(errs, fmt.Errorf("no column %q", name))
		}
	}
	return errors.Join(errs...)
}

// plainNames returns a header's names without what editors put around them: spaces, the
// byte order mark and other marks without width.
func plainNames(header []string) []string {
	known := fieldsOf(new(Row))
	header = slices.Clone(header)
	for i, name := range header {
		for _, plain := range []string{name, strings.TrimSpace(name), strings.Map(visible, name)} {
			if known[plain] != nil {
				header[i] = plain
				break
			}
		}
	}
	return header
}

func visible(r rune) rune {
	switch r {
	case '\u200b', '\u200c', '\u200d', '\ufeff':
		return -1
	}
	return r
}
