package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/LMCache/LMBench/tools/data/chat"
	"github.com/LMCache/LMBench/tools/data/sharegpt"
)

// talk is a real conversation: question and answer by turns, from the first
// question on.
type talk []sharegpt.Turn

// question is the text of question k, counted from 1.
func (t talk) question(k int) string { return t[2*k-2].Value }

// answer is what the dataset answers to question k.
func (t talk) answer(k int) chat.Text { return chat.Text{t[2*k-1].Value} }

// answerLen is the tokens of that, but at most most; an engine refuses to
// answer with none.
func (t talk) answerLen(k, most int) int {
	if n := t[2*k-1].NumTokens; n != nil {
		return max(1, min(*n, most))
	}
	return most
}

// talkOf is what a user says; nil: what is made up. More users than there are
// conversations share them.
func (s *synthetic) talkOf(user int) talk {
	if len(s.talks) == 0 {
		return nil
	}
	return s.talks[user%len(s.talks)]
}

// readTalks reads the conversations that are long enough.
func (s *synthetic) readTalks() error {
	file, err := s.openTalks()
	if err != nil {
		return fmt.Errorf("USE_SHAREGPT: %w: prepare_synthetic_sharegpt.sh makes it", err)
	}
	defer file.Close()
	s.talks = nil
	turns := 2 * s.rounds
	for entry, err := range sharegpt.Read(file) {
		if err != nil {
			return fmt.Errorf("USE_SHAREGPT: %s: %w", file.Name(), err)
		}
		first := 0
		for first < len(entry.Turns) && !entry.Turns[first].Human() {
			first++
		}
		// One turn more than is needed, as in the original.
		if len(entry.Turns) > turns && first+turns <= len(entry.Turns) {
			s.talks = append(s.talks, append(talk(nil), entry.Turns[first:first+turns]...))
		}
	}
	if len(s.talks) == 0 {
		return fmt.Errorf("USE_SHAREGPT: no conversation in %s has more than 2*NUM_ROUNDS = %d turns", file.Name(), turns)
	}
	return nil
}

// openTalks opens the file that was named, or ShareGPT.json in the working
// directory or beside this program.
func (s *synthetic) openTalks() (*os.File, error) {
	if s.shareGPTFile != "" {
		return os.Open(s.shareGPTFile)
	}
	const name = "ShareGPT.json"
	file, err := os.Open(name)
	if program, programErr := os.Executable(); errors.Is(err, os.ErrNotExist) && programErr == nil {
		file, err = os.Open(filepath.Join(filepath.Dir(program), name))
	}
	return file, err
}
