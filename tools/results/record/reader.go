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

// ErrNoHeader is yielded for a file without even a header line.
var ErrNoHeader = errors.New("the file is empty, not even a header line")

// needed are the columns without which no result can be computed.
func needed() []string {
	return []string{"prompt_tokens", "generation_tokens", "ttft", "generation_time", "launch_time", "finish_time"}
}

// Read yields the rows of a CSV. Columns may come in any order, ones that Row
// does not have are passed over, absent ones stay zero. An error is yielded
// once and last: a missing column that every result needs, or a line that does
// not parse, with its number.
//
// Blocks of whole records are parsed side by side, since most of the time goes
// into numbers: a million rows a second and processor, gocsv's reflection has
// a third of that.
func Read(r io.Reader) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		var all sync.WaitGroup
		defer all.Wait()
		done := make(chan struct{})
		defer close(done)
		parsed := make(chan chan batch, 3*runtime.GOMAXPROCS(0)) // in the file's order; so many that no processor waits for another
		spare := make(chan *parser, cap(parsed)+2)
		all.Go(func() {
			defer close(parsed)
			parseBlocks(r, func(parse func(*parser) batch) bool {
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

// batch is the rows of one block, up to the first error. They are good until
// their parser goes on.
type batch struct {
	rows []Row
	by   *parser
	err  error
}

// parseBlocks cuts r into blocks and gives each the way to parse it, by a parser
// at hand or a new one, until start returns false.
func parseBlocks(r io.Reader, start func(parse func(by *parser) batch) bool) {
	blocks := cutter{from: r, line: 1}
	failed := func(err error) { start(func(*parser) batch { return batch{err: err} }) }
	first, err := blocks.next()
	if err != nil && err != io.EOF {
		failed(err)
		return
	}
	columns, rest, err := readHeader(first)
	for err == ErrNoHeader { // a block of blank lines
		if first, err = blocks.next(); err == io.EOF {
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
		block := b
		parse := func(by *parser) batch {
			if by == nil {
				by = newParser(columns)
			}
			err := by.parse(block)
			return batch{by.rows, by, err}
		}
		if block.text != "" && !start(parse) {
			return
		}
		if b, err = blocks.next(); err != nil {
			if err != io.EOF {
				failed(err)
			}
			return
		}
	}
}

// columns are what a header says.
type columns struct {
	names []string
	text  string // as in the file
}

func readHeader(b block) (columns, block, error) {
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
	return header, block{b.text[end:], b.line + strings.Count(header.text, "\n")}, nil
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
