package main

import (
	"time"

	"github.com/LMCache/LMBench/tools/load/closedloop"
	"github.com/LMCache/LMBench/tools/load/schedule"
)

// crowd is the load and how it is spread.
type crowd struct {
	closedloop.Load
	exact bool // it sends QPS; else QPS*R/(R-1) for R rounds, as the original
}

// offered is the requests a second it sends if the engine keeps up.
func (c crowd) offered() float64 {
	if c.exact || c.Rounds == 1 {
		return c.QPS
	}
	return c.QPS * float64(c.Rounds) / float64(c.Rounds-1)
}

// config is the crowd as it starts: in full swing.
func (c crowd) config() closedloop.Config {
	gap := c.Gap()
	config := closedloop.Config{Rounds: c.Rounds, Gap: schedule.Seconds(gap)}
	switch {
	case c.exact:
		// A seat takes its turn every gap, its users follow one another without
		// a break, and seat i is i/QPS ahead of seat 0: one request each 1/QPS.
		config.SlotTime = time.Duration(c.Rounds) * config.Gap
		for i := range c.Users {
			passed := i*c.Rounds/c.Users + 1
			config.Slots = append(config.Slots, closedloop.Slot{Asked: passed, Due: schedule.Seconds(gap - float64(i)/c.QPS)})
		}
	case c.Rounds == 1:
		// The original's rule would let users join without any gap.
		config.ArrivalGap = schedule.Seconds(1 / c.QPS)
		config.FirstArrival = config.ArrivalGap
		for range c.Users {
			config.Slots = append(config.Slots, closedloop.Slot{Asked: 1})
		}
	default:
		// The original's arithmetic, in its order: user i joined i join gaps
		// ago and has asked a question then and after every gap since. What is
		// rounded to a float64 by name is so on every kind of processor.
		join := c.Life() / float64(c.Users)
		config.ArrivalGap = schedule.Seconds(join)
		config.FirstArrival = config.ArrivalGap
		for i := range c.Users {
			since := float64(i) * join
			passed := int(since/gap) + 1
			config.Slots = append(config.Slots, closedloop.Slot{Asked: passed, Due: schedule.Seconds(float64(float64(passed)*gap) - since)})
		}
	}
	return config
}

// notes are what a person should know before the crowd runs so long.
func (c crowd) notes(runs time.Duration) []string {
	notes := c.NoteLength(runs)
	if steps := c.NoteSteps(); !c.exact && len(steps) > 0 {
		notes = append(notes, steps[0]+": --exact-rate spreads them")
	}
	return notes
}
