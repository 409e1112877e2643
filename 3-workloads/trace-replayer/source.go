package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/LMCache/LMBench/tools/data/trace"
)

// A source is the whole trace and what is derived from it.
type source struct {
	trace         *trace.Trace
	layout        *trace.Layout
	explained     float64 // share of requests that the block size explains, see trace.BlockSize
	conversations []int   // conversation of each request
	users         int     // number of conversations
}

// check reads the trace, so that a bad TRACE_FILE is an error in the arguments.
func (r *replayer) check() error {
	if r.speedUp > 0 {
		r.scale = 1 / float64(r.speedUp)
	}
	path, err := r.find()
	if err != nil {
		return fmt.Errorf("TRACE_FILE: %w", err)
	}
	read, err := trace.Open(path, r.unit.Unit)
	if err != nil {
		return fmt.Errorf("TRACE_FILE: %w", err)
	}
	r.source = newSource(read, int(r.blockSize), r.conversation)
	return nil
}

func newSource(read *trace.Trace, blockSize, depth int) source {
	s := source{trace: read, explained: 1}
	if blockSize == 0 {
		blockSize, s.explained = trace.BlockSize(read.Requests)
	}
	s.layout = trace.NewLayout(read.Requests, blockSize)
	s.conversations = trace.Conversations(read.Requests, depth)
	for _, number := range s.conversations {
		s.users = max(s.users, number)
	}
	return s
}

// find returns the path of the trace. A relative one is looked for in the
// workload's folder and in the current one: in a sweep in this order, as by
// LMBench's script, in a single run in the other.
func (r *replayer) find() (path string, err error) {
	r.recorded = r.file
	if filepath.IsAbs(r.file) {
		return r.file, checkFile(r.file)
	}
	if !strings.HasPrefix(r.file, "./") {
		r.recorded = "./" + r.file
	}
	folders := []string{"."}
	if program, err := os.Executable(); err == nil {
		folders = append(folders, filepath.Dir(program))
	}
	if r.common.Key != "" { // a sweep
		slices.Reverse(folders)
	}
	for _, folder := range folders {
		path := filepath.Join(folder, r.file)
		if checkFile(path) == nil {
			return path, nil
		}
	}
	return "", missingFile(r.recorded, folders)
}

// checkFile returns an error unless the path is a file.
func checkFile(path string) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return missingFile(path, nil)
	case err != nil:
		return err
	case info.IsDir():
		return fmt.Errorf("%s is a folder: want a trace file", path)
	}
	return nil
}

// missingFile returns an error that lists the traces nearby.
func missingFile(path string, folders []string) error {
	var nearby []string
	for _, folder := range append(folders, filepath.Dir(path)) {
		for _, pattern := range []string{"*.jsonl", "*.csv", "traces/*.jsonl", "traces/*.csv"} {
			found, _ := filepath.Glob(filepath.Join(folder, pattern))
			nearby = append(nearby, found...)
		}
	}
	slices.Sort(nearby)
	if nearby = slices.Compact(nearby); len(nearby) == 0 {
		return fmt.Errorf("%s does not exist: download a trace with prepare_trace.sh or generate one with tools/traces/traces make", path)
	}
	return fmt.Errorf("%s does not exist; available traces:\n  %s", path, strings.Join(nearby, "\n  "))
}

// notes returns warnings about the trace.
func (s *source) notes() (notes []string) {
	t := s.trace
	if t.UnitReason != "" {
		notes = append(notes, t.UnitReason+" (override with --time-unit)")
	}
	if !t.Sorted {
		notes = append(notes, "the trace is not sorted by time; its requests were sorted, the file is unchanged")
	}
	if t.InvalidCount > 0 {
		notes = append(notes, fmt.Sprintf("skipped %d invalid lines (traces validate lists all):", t.InvalidCount))
		for _, line := range t.Invalid[:min(3, len(t.Invalid))] {
			notes = append(notes, "  "+line.Error())
		}
	}
	switch {
	case !t.HasBlocks():
		notes = append(notes, "the trace has no hash_ids: every prompt is unique and nothing can be reused")
	case s.explained < 0.5 && s.layout.Size != 32: // GMI's size, although its prompts have many tokens without a block
		notes = append(notes, fmt.Sprintf("blocks of %d tokens match only %.0f %% of the requests (override with --block-size)", s.layout.Size, 100*s.explained))
	}
	return notes
}
