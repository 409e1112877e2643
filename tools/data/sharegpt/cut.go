package sharegpt

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// Count is how many tokens a text has.
type Count func(ctx context.Context, text string) (int, error)

// Cut is which conversations are taken and which rounds of them.
type Cut struct {
	Limit      int // conversations that are looked at, once those with a speaker who follows itself are dropped
	MinRounds  int // rounds a conversation must have; it is cut to so many
	StartRound int // the first round that is sent; the one before it warms up, if there is one
}

// Check finds what leaves no request.
func (c *Cut) Check() error {
	var faults []error
	if c.Limit < 1 {
		faults = append(faults, fmt.Errorf("--limit %d: want at least 1 conversation", c.Limit))
	}
	if c.MinRounds < 1 {
		faults = append(faults, fmt.Errorf("--min_rounds %d: want at least 1 round", c.MinRounds))
	} else if c.StartRound > c.MinRounds {
		faults = append(faults, fmt.Errorf("--start_round %d: conversations end after --min_rounds %d, so no request would be left", c.StartRound, c.MinRounds))
	}
	return errors.Join(faults...)
}

// WarmUpRound is the round that warms up: the one before the first that is
// sent, or round 1, which is then sent again.
func (c *Cut) WarmUpRound() int { return max(1, c.StartRound-1) }

// Tally is what became of the entries.
type Tally struct {
	Read          int // entries
	Repeated      int // of them, dropped because a speaker follows itself
	Short         int // of the rest, dropped because they have too few rounds
	Longest       int // rounds of the longest that was not dropped as Repeated
	Conversations int // kept
	Requests      int
	WarmUps       int
}

// why tells which filter left nothing.
func (t *Tally) why(c *Cut) error {
	switch {
	case t.Read == 0:
		return errors.New("the file holds no conversation")
	case t.Read == t.Repeated:
		return fmt.Errorf("in all of %d conversations a speaker follows itself: none is left", t.Read)
	}
	return fmt.Errorf("none of %d conversations has --min_rounds %d rounds, the longest has %d (--limit %d)",
		t.Read-t.Repeated, c.MinRounds, t.Longest, c.Limit)
}

// Sets are where the requests go.
type Sets struct {
	Run, WarmUp io.Writer // as the original's run.json and warmup.json
	Turns       io.Writer // the turns of each conversation up to the last that is sent
}

// Write cuts the file's conversations into requests. Only answers whose length
// is asked for are counted, and no entry is read after the last that counts.
func (c *Cut) Write(ctx context.Context, file io.Reader, count Count, to Sets, progress func(Tally)) (Tally, error) {
	run, warmUp, turns := newList(to.Run, true), newList(to.WarmUp, true), newList(to.Turns, true)
	var tally Tally
	err := inOrder(ctx, Read(file), func(e *Entry) (bool, bool) {
		tally.Read++
		if !e.Alternates() {
			tally.Repeated++
			return false, true
		}
		rounds := e.CountRounds()
		tally.Longest = max(tally.Longest, rounds)
		if rounds < c.MinRounds {
			tally.Short++
		}
		return rounds >= c.MinRounds, tally.Read-tally.Repeated < c.Limit
	}, func(ctx context.Context, e *Entry) (items []Item, err error) {
		return c.items(ctx, e, count)
	}, func(e *Entry, items []Item) error {
		id := tally.Conversations
		tally.Conversations++
		for i := range items {
			if items[i].Round == c.WarmUpRound() {
				tally.WarmUps++
				if err := warmUp.add(items[i].fields()); err != nil {
					return err
				}
			}
			if items[i].Round < c.StartRound {
				continue
			}
			items[i].Conversation = &id
			tally.Requests++
			if err := run.add(items[i].fields()); err != nil {
				return err
			}
		}
		progress(tally)
		return turns.add(c.turns(e, id))
	})
	if err == nil && tally.Requests == 0 {
		err = tally.why(c)
	}
	return tally, errors.Join(err, run.close(), warmUp.close(), turns.close())
}

// items are the rounds of an entry: that which warms up, then those to send.
func (c *Cut) items(ctx context.Context, e *Entry, count Count) ([]Item, error) {
	var items []Item
	for n := c.WarmUpRound(); n <= c.MinRounds; n++ {
		round := e.Round(n)
		length := noAnswer
		if round.Answer >= 0 {
			var err error
			switch answer := &e.Turns[round.Answer]; {
			case answer.counted():
				length, err = count(ctx, answer.Value)
			case answer.NumTokens != nil:
				length = *answer.NumTokens
			}
			if err != nil {
				return nil, err
			}
		}
		items = append(items, Item{Input: round.Input, OutputLength: &length, Round: n})
	}
	return items, nil
}

// turns are an entry's up to the last question that is sent.
func (c *Cut) turns(e *Entry, id int) []field {
	var turns [][]field
	asked := 0
	for i := range e.Turns {
		if asked == c.MinRounds {
			break
		}
		if e.Turns[i].Human() {
			asked++
		}
		turns = append(turns, []field{{"from", e.Turns[i].From}, {"value", e.Turns[i].Value}})
	}
	return []field{{"conversation_id", id}, {"turns", turns}}
}
