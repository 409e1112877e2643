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

// data is what the files hold.
type data struct {
	run, warmUp []sharegpt.Request
	turns       map[int][]sharegpt.Turn // of each conversation, for --history delta
	params      *sharegpt.Params        // what run.json was made from; nil: not known
	stale       string                  // why run.json is not what the arguments say; "": it is, as far as known
}

// check reads the files before anything is sent.
func (s *shareGPT) check() error {
	s.data = data{}
	content, err := s.read(&s.data.run, "--sharegpt-file", s.file)
	if err == nil && len(s.data.run) == 0 {
		err = fmt.Errorf("--sharegpt-file: %s holds no request", s.file)
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

func (s *shareGPT) read(items *[]sharegpt.Request, flag, path string) ([]byte, error) {
	content, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w: prepare_sharegpt_data.sh makes it", flag, err)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", flag, err)
	}
	if *items, err = sharegpt.ReadRequests(bytes.NewReader(content)); err != nil {
		return nil, fmt.Errorf("%s: %s: %w", flag, path, err)
	}
	return content, nil
}

// compare finds whether run.json was made with the arguments' parameters.
func (s *shareGPT) compare(content []byte) {
	params, err := sharegpt.ReadParams(s.file, content)
	s.data.params = params
	switch {
	case err != nil:
		s.data.stale = err.Error()
	case params == nil || s.limit == 0:
	default:
		if differences := params.Differences(s.limit, s.minRounds, s.startRound, s.common.Model); len(differences) > 0 {
			s.data.stale = s.file + " was made with " + strings.Join(differences, ", ")
		}
	}
}

// readTurns reads what was said turn by turn, which lies beside run.json.
func (s *shareGPT) readTurns() error {
	path := filepath.Join(filepath.Dir(s.file), "turns.json")
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("--history delta: %w: prepare_sharegpt_data.sh makes it", err)
	}
	defer file.Close()
	if s.data.turns, err = sharegpt.ReadTurns(file); err != nil {
		return fmt.Errorf("--history delta: %s: %w", path, err)
	}
	for i, item := range s.data.run {
		if item.Conversation == nil || question(s.data.turns[*item.Conversation], item.Round) < 0 {
			return fmt.Errorf("--history delta: %s does not tell of entry %d of %s", path, i+1, s.file)
		}
	}
	s.data.warmUp = s.data.questionsBefore()
	return nil
}

// questionsBefore are, for --history delta, what warmup.json is else: of each
// conversation the round before the first that is sent, or else round 1.
func (d *data) questionsBefore() []sharegpt.Request {
	var before []sharegpt.Request
	seen := map[int]bool{}
	for _, item := range d.run {
		if id := *item.Conversation; !seen[id] {
			seen[id] = true
			before = append(before, sharegpt.Request{Conversation: item.Conversation, Round: max(1, item.Round-1), OutputLength: d.lengthOf(len(before))})
		}
	}
	return before
}

// lengthOf is what warmup.json says of its item i; nil: nothing.
func (d *data) lengthOf(i int) *int {
	if i < len(d.warmUp) {
		return d.warmUp[i].OutputLength
	}
	return nil
}

// question is the turn that asks round n; -1: none does.
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
