package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/LMCache/LMBench/tools/data/chat"
	"github.com/LMCache/LMBench/tools/data/sharegpt"
)

// A transcript is a real conversation of the ShareGPT dataset: questions and
// answers in turn, starting with a question.
type transcript []sharegpt.Turn

// question returns the text of question k, counted from 1.
func (t transcript) question(k int) string { return t[2*k-2].Value }

// answer returns the dataset's answer to question k.
func (t transcript) answer(k int) chat.Text { return chat.Text{t[2*k-1].Value} }

// answerTokens returns the length of that answer in tokens, between 1 and limit.
// Engines reject a request for no tokens.
func (t transcript) answerTokens(k, limit int) int {
	if n := t[2*k-1].NumTokens; n != nil {
		return max(1, min(*n, limit))
	}
	return limit
}

// transcriptOf returns the transcript that a user follows, or nil without
// USE_SHAREGPT. Users share transcripts if there are more users.
func (s *synthetic) transcriptOf(user int) transcript {
	if len(s.transcripts) == 0 {
		return nil
	}
	return s.transcripts[user%len(s.transcripts)]
}

// readTranscripts reads the conversations that are long enough for NUM_ROUNDS.
func (s *synthetic) readTranscripts() error {
	file, err := s.openShareGPT()
	if err != nil {
		return fmt.Errorf("USE_SHAREGPT: %w: prepare_synthetic_sharegpt.sh makes it", err)
	}
	defer file.Close()
	s.transcripts, s.leftOut = nil, ""
	n, first := 0, error(nil)
	leaveOut := func(err error) {
		if n++; n == 1 {
			first = err
		}
	}
	turns := 2 * s.rounds
	for record, err := range sharegpt.Read(file, leaveOut) {
		if err != nil {
			return fmt.Errorf("USE_SHAREGPT: %s: %w", file.Name(), err)
		}
		first := 0
		for first < len(record.Turns) && !record.Turns[first].Human() {
			first++
		}
		// Like the original, this requires one turn more than is used.
		if len(record.Turns) > turns && first+turns <= len(record.Turns) {
			s.transcripts = append(s.transcripts, append(transcript(nil), record.Turns[first:first+turns]...))
		}
	}
	if n > 0 {
		s.leftOut = fmt.Sprintf("%s: left out %d records that are no conversations, the first: %v", file.Name(), n, first)
	}
	if len(s.transcripts) == 0 {
		err := fmt.Errorf("USE_SHAREGPT: no conversation in %s has more than 2*NUM_ROUNDS = %d turns", file.Name(), turns)
		if n > 0 {
			err = fmt.Errorf("%w; %s", err, s.leftOut)
		}
		return err
	}
	return nil
}

// openShareGPT opens --sharegpt-file, or by default ShareGPT.json in the working
// directory or beside the program.
func (s *synthetic) openShareGPT() (*os.File, error) {
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
