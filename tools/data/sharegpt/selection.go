package sharegpt

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/LMCache/LMBench/tools/data/pyjson"
)

// CountTokens returns the number of tokens of a text.
type CountTokens func(ctx context.Context, text string) (int, error)

// A Selection says which conversations are used, and which of their rounds.
type Selection struct {
	Limit      int // conversations considered, after those whose speakers do not alternate are dropped
	MinRounds  int // rounds that a conversation must have and is truncated to
	StartRound int // first round to send; the round before it is for the warm-up
}

// Check fails if the selection can contain no request.
func (s *Selection) Check() error {
	var errs []error
	if s.Limit < 1 {
		errs = append(errs, fmt.Errorf("--limit %d: want at least 1 conversation", s.Limit))
	}
	if s.MinRounds < 1 {
		errs = append(errs, fmt.Errorf("--min_rounds %d: want at least 1 round", s.MinRounds))
	} else if s.StartRound > s.MinRounds {
		errs = append(errs, fmt.Errorf("--start_round %d: conversations end after --min_rounds %d, so no request would be left", s.StartRound, s.MinRounds))
	}
	return errors.Join(errs...)
}

// WarmUpRound returns the round before the first one sent, or round 1, which is
// then sent again.
func (s *Selection) WarmUpRound() int { return max(1, s.StartRound-1) }

// Stats counts records and what was made of them.
type Stats struct {
	Read          int    // conversations
	LeftOut       int    // records that are no conversations
	FirstLeftOut  string // why the first of them was rejected
	Renamed       bool   // speakers were given their names in ShareGPT, see Selection.Write
	Repeated      int    // records dropped because one speaker has two turns in a row
	Short         int    // other records, dropped because they have too few rounds
	Longest       int    // most rounds of a record that was not dropped as Repeated
	Conversations int    // kept
	Requests      int
	WarmUps       int
}

// leaveOut counts a record that is no conversation.
func (s *Stats) leaveOut(err error) {
	if s.LeftOut++; s.LeftOut == 1 {
		s.FirstLeftOut = err.Error()
	}
}

// explainEmpty returns an error that names the filter that kept nothing.
func (s *Stats) explainEmpty(selection *Selection, speakers map[string]bool) error {
	var left string
	if s.LeftOut > 0 {
		left = fmt.Sprintf("; %d records left out, the first: %s", s.LeftOut, s.FirstLeftOut)
	}
	met := fmt.Sprintf("; speakers met: %s", strings.Join(slices.Sorted(maps.Keys(speakers)), ", "))
	switch {
	case s.Read == 0:
		return errors.New("the file contains no conversations" + left)
	case s.Read == s.Repeated:
		return fmt.Errorf("no conversation left: in all %d of them one speaker has two turns in a row%s%s", s.Read, met, left)
	}
	return fmt.Errorf("none of %d conversations has --min_rounds %d rounds; the longest has %d (--limit %d)%s%s",
		s.Read-s.Repeated, selection.MinRounds, s.Longest, selection.Limit, met, left)
}

// maxSpeakers is the number of speakers that a message names.
const maxSpeakers = 20

// meet adds the speakers of a conversation.
func (r *Record) meet(speakers map[string]bool) {
	for i := range r.Turns {
		if len(speakers) < maxSpeakers {
			speakers[fmt.Sprintf("%.40q", r.Turns[i].From)] = true
		}
	}
}

// Outputs are the writers of Selection.Write.
type Outputs struct {
	Run, WarmUp io.Writer // LMBench's run.json and warmup.json
	Turns       io.Writer // the turns of each conversation up to the last round sent
}

// Write splits the file's conversations into requests. It counts the tokens of
// the answers that need it only, and reads no record after the last one selected.
//
// Only human and gpt are speakers, as in LMBench's own script. If that leaves no
// request, the file is read again with user, assistant and others as these two.
func (s *Selection) Write(ctx context.Context, file io.ReadSeeker, count CountTokens, to Outputs, progress func(Stats)) (Stats, error) {
	run, warmUp, turns := newListWriter(to.Run, pyjson.ASCII), newListWriter(to.WarmUp, pyjson.ASCII), newListWriter(to.Turns, pyjson.ASCII)
	write := func(rename bool) (Stats, map[string]bool, error) {
		return s.write(ctx, file, rename, count, run, warmUp, turns, progress)
	}
	stats, speakers, err := write(false)
	if err == nil && stats.Requests == 0 {
		empty := stats.explainEmpty(s, speakers)
		if _, err = file.Seek(0, io.SeekStart); err == nil {
			var renamed Stats
			renamed, _, err = write(true)
			if err == nil && renamed.Requests == 0 {
				err = empty
			}
			if renamed.Requests > 0 {
				stats = renamed
			}
		}
	}
	return stats, errors.Join(err, run.close(), warmUp.close(), turns.close())
}

// write is Write for one set of speakers. It also returns the speakers met.
func (s *Selection) write(ctx context.Context, file io.Reader, rename bool, count CountTokens, run, warmUp, turns *listWriter, progress func(Stats)) (Stats, map[string]bool, error) {
	var stats Stats
	speakers := map[string]bool{}
	err := processInOrder(ctx, Read(file, stats.leaveOut), func(r *Record) (bool, bool) {
		stats.Read++
		r.meet(speakers)
		if rename && r.renameSpeakers() {
			stats.Renamed = true
		}
		if !r.Alternates() {
			stats.Repeated++
			return false, true
		}
		rounds := r.CountRounds()
		stats.Longest = max(stats.Longest, rounds)
		if rounds < s.MinRounds {
			stats.Short++
		}
		return rounds >= s.MinRounds, stats.Read-stats.Repeated < s.Limit
	}, func(ctx context.Context, r *Record) ([]Request, error) {
		return s.requests(ctx, r, count)
	}, func(r *Record, requests []Request) error {
		id := stats.Conversations
		stats.Conversations++
		for i := range requests {
			if requests[i].Round == s.WarmUpRound() {
				stats.WarmUps++
				if err := warmUp.add(requests[i].object()); err != nil {
					return err
				}
			}
			if requests[i].Round < s.StartRound {
				continue
			}
			requests[i].Conversation = &id
			stats.Requests++
			if err := run.add(requests[i].object()); err != nil {
				return err
			}
		}
		progress(stats)
		return turns.add(s.turns(r, id))
	})
	return stats, speakers, err
}

// requests returns the rounds of a record: first the warm-up, then those to send.
func (s *Selection) requests(ctx context.Context, r *Record, count CountTokens) ([]Request, error) {
	var requests []Request
	for n := s.WarmUpRound(); n <= s.MinRounds; n++ {
		round := r.Round(n)
		length := defaultLength
		if round.Answer >= 0 {
			var err error
			switch answer := &r.Turns[round.Answer]; {
			case answer.needsCount():
				length, err = count(ctx, answer.Value)
			case answer.NumTokens != nil:
				length = *answer.NumTokens
			}
			if err != nil {
				return nil, err
			}
		}
		requests = append(requests, Request{Input: round.Input, OutputLength: &length, Round: n})
	}
	return requests, nil
}

// turns returns the turns of a record up to the last question sent.
func (s *Selection) turns(r *Record, id int) object {
	var turns []any
	asked := 0
	for i := range r.Turns {
		if asked == s.MinRounds {
			break
		}
		if r.Turns[i].Human() {
			asked++
		}
		turns = append(turns, object{{"from", r.Turns[i].From}, {"value", r.Turns[i].Value}})
	}
	return object{{"conversation_id", id}, {"turns", turns}}
}
