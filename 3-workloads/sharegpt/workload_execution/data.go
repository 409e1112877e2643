package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/LMCache/LMBench/tools/data/sharegpt"
	"github.com/LMCache/LMBench/tools/results/runfile"
)

// data is the content of the files.
type data struct {
	run, warmUp []sharegpt.Request
	turns       map[int][]sharegpt.Turn // by conversation, for --history delta
	params      *sharegpt.Params        // of run.json; nil if unknown
	stale       string                  // how run.json differs from the arguments, or ""
}

// check reads the files before anything is sent.
func (s *shareGPT) check() error {
	s.data = data{}
	content, err := s.read(&s.data.run, "--sharegpt-file", s.file)
	if err == nil && len(s.data.run) == 0 {
		err = fmt.Errorf("--sharegpt-file: %s contains no requests", s.file)
	}
	if s.warmUpFile != "" {
		_, warmUpErr := s.read(&s.data.warmUp, "--warmup-file", s.warmUpFile)
		err = errors.Join(err, warmUpErr)
	}
	if err != nil {
		return err
	}
	s.compare(content)
	if s.history == "delta" {
		return s.readTurns()
	}
	return nil
}

// read reads a file of requests and returns its content.
func (s *shareGPT) read(requests *[]sharegpt.Request, flag, path string) ([]byte, error) {
	content, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w; run prepare_sharegpt_data.sh first", flag, err)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", flag, err)
	}
	if *requests, err = sharegpt.ReadRequests(bytes.NewReader(content)); err != nil {
		return nil, fmt.Errorf("%s: %s: %w", flag, path, err)
	}
	return content, nil
}

// compare compares the parameters of run.json with the arguments.
func (s *shareGPT) compare(content []byte) {
	params, err := sharegpt.ReadParams(s.file, content)
	s.data.params = params
	switch {
	case err != nil:
		s.data.stale = err.Error()
	case params == nil || s.limit == 0:
	default:
		if differences := params.Differences(s.limit, s.minRounds, s.startRound, s.common.Model); len(differences) > 0 {
			s.data.stale = s.file + " was prepared with " + strings.Join(differences, ", ")
		}
	}
}

// readTurns reads turns.json, which is beside run.json.
func (s *shareGPT) readTurns() error {
	path := filepath.Join(filepath.Dir(s.file), "turns.json")
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("--history delta: %w; run prepare_sharegpt_data.sh first", err)
	}
	defer file.Close()
	if s.data.turns, err = sharegpt.ReadTurns(file); err != nil {
		return fmt.Errorf("--history delta: %s: %w", path, err)
	}
	for i, request := range s.data.run {
		if request.Conversation == nil || question(s.data.turns[*request.Conversation], request.Round) < 0 {
			return fmt.Errorf("--history delta: %s lacks the turns of request %d of %s", path, i+1, s.file)
		}
	}
	s.data.warmUp = s.data.deltaWarmUp()
	return nil
}

// deltaWarmUp returns the warm-up for --history delta, which replaces warmup.json:
// of each conversation the round before the first one sent, or round 1.
func (d *data) deltaWarmUp() []sharegpt.Request {
	var warmUp []sharegpt.Request
	seen := map[int]bool{}
	for _, request := range d.run {
		if id := *request.Conversation; !seen[id] {
			seen[id] = true
			warmUp = append(warmUp, sharegpt.Request{Conversation: request.Conversation, Round: max(1, request.Round-1), OutputLength: d.warmUpLength(len(warmUp))})
		}
	}
	return warmUp
}

// warmUpLength returns the output length of request i of warmup.json, or nil.
func (d *data) warmUpLength(i int) *int {
	if i < len(d.warmUp) {
		return d.warmUp[i].OutputLength
	}
	return nil
}

// question returns the index of the turn that asks round n, or -1.
func question(turns []sharegpt.Turn, n int) int {
	for i := range turns {
		if turns[i].Human() {
			if n--; n == 0 {
				return i
			}
		}
	}
	return -1
}

// describe records which data were sent.
func (s *shareGPT) describe(run *runfile.Run) {
	if p := s.data.params; p != nil {
		run.Recorded = append(run.Recorded, "SHAREGPT_INPUT="+p.Input, "SHAREGPT_TOKENIZER="+p.Tokenizer)
		if p.TokenizerRevision != "" {
			run.Recorded = append(run.Recorded, "SHAREGPT_TOKENIZER_REVISION="+p.TokenizerRevision)
		}
		if p.Approximate {
			run.Recorded = append(run.Recorded, "SHAREGPT_TOKEN_COUNTS=approximate")
		}
	}
	if s.data.stale != "" {
		run.Recorded = append(run.Recorded, "SHAREGPT_STALE="+s.data.stale)
	}
}
