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

// hubRow is what is read of a row. Each data set has some of the columns.
type hubRow struct {
	Input, Instruction, Output, Events, Problem, Solution string
	Turns                                                 []string
}

// hubColumns are the members of hubRow as files name them.
func hubColumns() []string {
	return []string{"input", "instruction", "output", "events", "problem", "solution", "turns"}
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
			for row, err := range h.readParquet(ctx, path) {
				if !yield(row, err) || err != nil {
					return
				}
			}
		}
	}
}

// readParquet reads a file's rows as another program prints them.
func (h Hub) readParquet(ctx context.Context, path string) iter.Seq2[hubRow, error] {
	return func(yield func(hubRow, error) bool) {
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		var said bytes.Buffer
		command := exec.CommandContext(ctx, h.Parquet, append([]string{path}, hubColumns()...)...)
		command.Env, command.Stderr = []string{}, &said // no key is its business
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
				_ = command.Wait() // it was stopped
				return
			}
		}
		if err == io.EOF {
			err = nil
		}
		if err = errors.Join(err, command.Wait()); err != nil {
			yield(hubRow{}, fmt.Errorf("reading %s: %w: %s", path, err, strings.TrimSpace(said.String())))
		}
	}
}

// window is how many rows are mixed at a time: a whole data set need not be
// read for a few prompts.
const window = 1000

// shuffled mixes rows: one of the window, drawn at random, makes place for the
// next.
func shuffled(rows iter.Seq2[hubRow, error], random *pyrand.RandomState) iter.Seq2[hubRow, error] {
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
