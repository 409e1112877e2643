package main

import (
	"time"

	"github.com/LMCache/LMBench/tools/load/closedloop"
	"github.com/LMCache/LMBench/tools/load/schedule"
)

// A userLoad is a number of users and how their questions are spread over time.
type userLoad struct {
	closedloop.Load
	exact bool // send exactly QPS instead of the original's QPS*R/(R-1) for R rounds
}

// offered returns the requests per second if the engine keeps up.
func (l userLoad) offered() float64 {
	if l.exact || l.Rounds == 1 {
		return l.QPS
	}
	return l.QPS * float64(l.Rounds) / float64(l.Rounds-1)
}

// config describes the users at the start, when they are spread over the rounds of
// their conversations.
func (l userLoad) config() closedloop.Config {
	gap := l.Gap()
	config := closedloop.Config{Rounds: l.Rounds, Gap: schedule.Seconds(gap)}
	switch {
	case l.exact:
		// Each slot asks once per gap, its users follow each other without a
		// break, and slot i is i/QPS ahead of slot 0. So there is one request
		// every 1/QPS.
		config.SlotTime = time.Duration(l.Rounds) * config.Gap
		for i := range l.Users {
			asked := i*l.Rounds/l.Users + 1
			config.Slots = append(config.Slots, closedloop.Slot{Asked: asked, Due: schedule.Seconds(gap - float64(i)/l.QPS)})
		}
	case l.Rounds == 1:
		// By the original's rule, users would arrive without any gap.
		config.ArrivalGap = schedule.Seconds(1 / l.QPS)
		config.FirstArrival = config.ArrivalGap
		for range l.Users {
			config.Slots = append(config.Slots, closedloop.Slot{Asked: 1})
		}
	default:
		// This is the original's arithmetic, in its order: user i arrived i
		// arrival gaps ago, and asked a question then and after every gap since.
		// The conversion keeps compilers from fusing the product and the
		// difference, which would round differently on other processors.
		arrivalGap := l.Life() / float64(l.Users)
		config.ArrivalGap = schedule.Seconds(arrivalGap)
		config.FirstArrival = config.ArrivalGap
		for i := range l.Users {
			since := float64(i) * arrivalGap
			asked := int(since/gap) + 1
			config.Slots = append(config.Slots, closedloop.Slot{Asked: asked, Due: schedule.Seconds(float64(float64(asked)*gap) - since)})
		}
	}
	return config
}

// notes returns warnings about a run of the given length.
func (l userLoad) notes(run time.Duration) []string {
	notes := l.NoteLength(run)
	if steps := l.NoteSteps(); !l.exact && len(steps) > 0 {
		notes = append(notes, steps[0]+": --exact-rate spreads them")
	}
	return notes
}
