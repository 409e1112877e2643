package dataset

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"

	"github.com/parquet-go/parquet-go"

	"github.com/LMCache/LMBench/tools/hub"
	"github.com/LMCache/LMBench/tools/numpy"
)

// hubRow is what is read of a row. Each data set has some of the columns.
type hubRow struct {
	Input       string   `parquet:"input,optional"`
	Instruction string   `parquet:"instruction,optional"`
	Output      string   `parquet:"output,optional"`
	Events      string   `parquet:"events,optional"`
	Problem     string   `parquet:"problem,optional"`
	Solution    string   `parquet:"solution,optional"`
	Turns       []string `parquet:"turns,list,optional"`
}

// rows are those of all shards in turn. A shard is fetched when it is needed.
func (h Hub) rows(ctx context.Context, at *hub.Hub, shards []string) iter.Seq2[hubRow, error] {
	return func(yield func(hubRow, error) bool) {
		for _, address := range shards {
			path, err := h.shard(ctx, at, address)
			if err != nil {
				yield(hubRow{}, fmt.Errorf("%s: %w", address, err))
				return
			}
			for row, err := range readParquet(path) {
				if !yield(row, err) || err != nil {
					return
				}
			}
		}
	}
}

// readParquet reads a file's rows, a few at a time.
func readParquet(path string) iter.Seq2[hubRow, error] {
	return func(yield func(hubRow, error) bool) {
		file, err := os.Open(path)
		if err != nil {
			yield(hubRow{}, err)
			return
		}
		defer file.Close()
		reader, err := newReader(file)
		if err != nil {
			yield(hubRow{}, fmt.Errorf("%s: %w", path, err))
			return
		}
		defer reader.Close()
		rows := make([]hubRow, 64)
		for {
			clear(rows)
			n, err := read(reader, rows)
			for _, row := range rows[:n] {
				if !yield(row, nil) {
					return
				}
			}
			if err != nil && !errors.Is(err, io.EOF) {
				yield(hubRow{}, fmt.Errorf("%s: %w", path, err))
			}
			if err != nil || n == 0 {
				return
			}
		}
	}
}

// read reads some rows.
func read(reader *parquet.GenericReader[hubRow], rows []hubRow) (n int, err error) {
	defer recovered(&err)
	return reader.Read(rows)
}

// recovered makes an error of a panic: the library panics at columns of another
// kind and at some damaged files.
func recovered(err *error) {
	if fault := recover(); fault != nil {
		*err = fmt.Errorf("it is damaged, or its columns are of another kind: %v", fault)
	}
}

// newReader opens a file.
func newReader(file *os.File) (reader *parquet.GenericReader[hubRow], err error) {
	defer recovered(&err)
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	opened, err := parquet.OpenFile(file, info.Size())
	if err != nil {
		return nil, err
	}
	return parquet.NewGenericReader[hubRow](opened), nil
}

// window is how many rows are mixed at a time: a whole data set need not be
// read for a few prompts.
const window = 1000

// shuffled mixes rows: one of the window, drawn at random, makes place for the
// next.
func shuffled(rows iter.Seq2[hubRow, error], random *numpy.RandomState) iter.Seq2[hubRow, error] {
	return func(yield func(hubRow, error) bool) {
		held := make([]hubRow, 0, window)
		for row, err := range rows {
			if err != nil {
				yield(hubRow{}, err)
				return
			}
			if len(held) < window {
				held = append(held, row)
				continue
			}
			i := random.Int(0, window)
			if !yield(held[i], nil) {
				return
			}
			held[i] = row
		}
		random.Shuffle(len(held), func(i, j int) { held[i], held[j] = held[j], held[i] })
		for _, row := range held {
			if !yield(row, nil) {
				return
			}
		}
	}
}
