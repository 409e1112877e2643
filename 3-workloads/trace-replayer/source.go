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

// source is the trace and what is known of all of it.
type source struct {
	trace         *trace.Trace
	layout        *trace.Layout
	explained     float64 // share of requests that the block size explains
	conversations []int   // number of each request's
	users         int     // how many there are
}

// check reads the trace: an argument that names none is a wrong one.
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

// find is where the trace's file is. In a sweep a relative path counts from the
// workload's folder, as in the original, by hand from where one is; each is
// tried if the other has no such file.
func (r *replayer) find() (path string, err error) {
	r.recorded = r.file
	if filepath.IsAbs(r.file) {
		return r.file, present(r.file)
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
		if present(path) == nil {
			return path, nil
		}
	}
	return "", absent(r.recorded, folders)
}

// present is nil for a file that can be read.
func present(path string) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return absent(path, nil)
	case err != nil:
		return err
	case info.IsDir():
		return fmt.Errorf("%s is a folder, want a trace", path)
	}
	return nil
}

// absent says which file is not there, and which are.
func absent(path string, folders []string) error {
	var there []string
	for _, folder := range append(folders, filepath.Dir(path)) {
		for _, pattern := range []string{"*.jsonl", "*.csv", "traces/*.jsonl", "traces/*.csv"} {
			found, _ := filepath.Glob(filepath.Join(folder, pattern))
			there = append(there, found...)
		}
	}
	slices.Sort(there)
	if there = slices.Compact(there); len(there) == 0 {
		return fmt.Errorf("no file %s, nor any other trace near it: prepare_trace.sh downloads one, tools/traces/traces make makes one", path)
	}
	return fmt.Errorf("no file %s; there are:\n  %s", path, strings.Join(there, "\n  "))
}

// notes are what a person should know of the trace.
func (s *source) notes() (notes []string) {
	t := s.trace
	if t.UnitReason != "" {
		notes = append(notes, t.UnitReason+" (--time-unit says otherwise)")
	}
	if !t.Sorted {
		notes = append(notes, "the trace's lines are not in the order of their times; they were put in order, the file was not changed")
	}
	if t.InvalidCount > 0 {
		notes = append(notes, fmt.Sprintf("%d lines are no requests and were left out (traces validate lists all):", t.InvalidCount))
		for _, fault := range t.Invalid[:min(3, len(t.Invalid))] {
			notes = append(notes, "  "+fault.Error())
		}
	}
	switch {
	case !t.HasBlocks():
		notes = append(notes, "the trace has no hash_ids: every prompt is a text of its own, nothing can be reused")
	case s.explained < 0.5 && s.layout.Size != 32: // GMI's 32 are known
		notes = append(notes, fmt.Sprintf("blocks of %d tokens explain only %.0f %% of the requests: --block-size says otherwise", s.layout.Size, 100*s.explained))
	}
	return notes
}
