package main

import (
	"fmt"
	"time"

	"github.com/LMCache/LMBench/tools/session"
	"github.com/LMCache/LMBench/tools/workload"
)

// crowd is how many users ask how often.
type crowd struct {
	users, rounds int
	qps           float64
	exact         bool // the crowd sends qps; else it sends qps*rounds/(rounds-1), as the original
}

// offered is the requests a second it sends if the engine keeps up.
func (c crowd) offered() float64 {
	if c.exact || c.rounds == 1 {
		return c.qps
	}
	return c.qps * float64(c.rounds) / float64(c.rounds-1)
}

// config is the crowd as it starts: in full swing.
func (c crowd) config() session.Config {
	gap := float64(c.users) / c.qps
	config := session.Config{Rounds: c.rounds, Gap: workload.Duration(gap)}
	switch {
	case c.exact:
		// A seat takes its turn every gap, its users follow one another without
		// a break, and seat i is i/qps ahead of seat 0: one request each 1/qps.
		config.SeatTime = time.Duration(c.rounds) * config.Gap
		for i := range c.users {
			passed := i*c.rounds/c.users + 1
			config.Seats = append(config.Seats, session.Seat{Asked: passed, Due: workload.Duration(gap - float64(i)/c.qps)})
		}
	case c.rounds == 1:
		// The original's rule would let users join without any gap.
		config.JoinGap = workload.Duration(1 / c.qps)
		config.FirstJoin = config.JoinGap
		for range c.users {
			config.Seats = append(config.Seats, session.Seat{Asked: 1})
		}
	default:
		// The original's arithmetic, in its order: user i joined i join gaps
		// ago and has asked a question then and after every gap since.
		join := gap * float64(c.rounds-1) / float64(c.users)
		config.JoinGap = workload.Duration(join)
		config.FirstJoin = config.JoinGap
		for i := range c.users {
			since := float64(i) * join
			passed := int(since/gap) + 1
			config.Seats = append(config.Seats, session.Seat{Asked: passed, Due: workload.Duration(float64(passed)*gap - since)})
		}
	}
	return config
}

// notes are what a person should know about such a crowd before it runs so long.
func (c crowd) notes(runs time.Duration) []string {
	var notes []string
	life := float64(c.users) / c.qps * float64(c.rounds-1)
	if runs > 0 && life > runs.Seconds() {
		notes = append(notes, fmt.Sprintf("a conversation takes %.0f s and the run %.0f s: no user will ask all %d questions", life, runs.Seconds(), c.rounds))
	}
	if together := divisor(c.rounds-1, c.users); !c.exact && c.rounds > 1 && together > 1 {
		notes = append(notes, fmt.Sprintf("%d users ask at the same instant, since NUM_ROUNDS-1 = %d and NUM_USERS = %d have this divisor: --exact-rate spreads them",
			together, c.rounds-1, c.users))
	}
	return notes
}

// divisor is the greatest that both have.
func divisor(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
