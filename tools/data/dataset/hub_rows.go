package dataset

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os/exec"
	"strings"

	"github.com/LMCache/LMBench/tools/data/hub"
	"github.com/LMCache/LMBench/tools/data/pyrand"
)

// hubRow holds the columns that are read of a row. Each data set has some of them.
type hubRow struct {
	Input, Instruction, Output, Events, Problem, Solution string
	Turns                                                 []string
}

// hubColumns returns the names of hubRow's fields in the files.
func hubColumns() []string {
	return []string{"input", "instruction", "output", "events", "problem", "solution", "turns"}
}

// rows returns the rows of all shards. It downloads a shard when it is needed.
func (in *Input) rows(ctx context.Context, from *hub.Hub, shards []string) iter.Seq2[hubRow, error] {
	return func(yield func(hubRow, error) bool) {
		for _, address := range shards {
			path, err := in.shard(ctx, from, address)
			if err != nil {
				yield(hubRow{}, fmt.Errorf("%s: %w", address, err))
				return
			}
			for row, err := range readParquet(ctx, in.Parquet, path) {
				if !yield(row, err) || err != nil {
					return
				}
			}
		}
	}
}

// readParquet runs a command that prints the rows of a file, so that workloads need not
// link a Parquet library.
func readParquet(ctx context.Context, reader []string, path string) iter.Seq2[hubRow, error] {
	return func(yield func(hubRow, error) bool) {
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		var stderr bytes.Buffer
		args := append(append(reader[1:len(reader):len(reader)], path), hubColumns()...)
		command := exec.CommandContext(ctx, reader[0], args...)
		command.Env, command.Stderr = []string{}, &stderr // the command needs no keys or tokens
		out, err := command.StdoutPipe()
		if err == nil {
			err = command.Start()
		}
		if err != nil {
			yield(hubRow{}, fmt.Errorf("reading %s: %w", path, err))
			return
		}
		lines := json.NewDecoder(out)
		for {
			var row hubRow
			if err = lines.Decode(&row); err != nil {
				break
			}
			if !yield(row, nil) {
				stop()
				_ = command.Wait() // its error is that it was stopped
				return
			}
		}
		if err == io.EOF {
			err = nil
		}
		if err = errors.Join(err, command.Wait()); err != nil {
			yield(hubRow{}, fmt.Errorf("reading %s: %w: %s", path, err, strings.TrimSpace(stderr.String())))
		}
	}
}

// shuffleWindow is the number of rows that are mixed at a time, so that a few prompts do
// not need the whole data set.
const shuffleWindow = 1000

// shuffled mixes rows: each new row replaces a random row of the window, which is
// returned.
func shuffled(rows iter.Seq2[hubRow, error], random *pyrand.RandomState) iter.Seq2[hubRow, error] {
	return func(yield func(hubRow, error) bool) {
		window := make([]hubRow, 0, shuffleWindow)
		for row, err := range rows {
			if err != nil {
				yield(hubRow{}, err)
				return
			}
			if len(window) < shuffleWindow {
				window = append(window, row)
				continue
			}
			i := random.Int(0, shuffleWindow)
			if !yield(window[i], nil) {
				return
			}
			window[i] = row
		}
		random.Shuffle(len(window), func(i, j int) { window[i], window[j] = window[j], window[i] })
		for _, row := range window {
			if !yield(row, nil) {
				return
			}
		}
	}
}
