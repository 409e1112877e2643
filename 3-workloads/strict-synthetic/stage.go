package main

import (
	"github.com/LMCache/LMBench/tools/load/closedloop"
	"github.com/LMCache/LMBench/tools/load/schedule"
	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/results/record"
)

// stages are one point: one stage, that ends itself.
func (s *strict) stages(bool) []workload.Stage {
	// No id is used by two points. An engine that answers at once gets three
	// crowds of users; a slower one gets more, so room is left for a fourth.
	if s.firstID > 0 {
		s.lastID = max(s.lastID, s.firstID+4*s.users-1)
	}
	s.firstID = max(s.common.InitUserID, s.lastID) + 1
	s.window = window{}
	config := s.config()
	return []workload.Stage{{
		Name: "measured", For: s.common.Time, Connections: s.users, Offered: s.rate(), Planned: s.planned(config),
		Plan: func(control workload.Control) workload.Plan {
			done := 0
			config.NewConversation, config.Final, config.Uncached = s.converse, control.Final, s.cold
			config.OnLeave = func(user int) {
				if s.measured(user) {
					done++
				}
				if done == s.users {
					control.End() // users not measured are not waited for
				}
			}
			return closedloop.New(config)
		},
	}}
}

// planned is how many requests of measured users are due before the time is over.
func (s *strict) planned(config closedloop.Config) (requests int) {
	all := s.users * s.rounds
	if s.common.Time == 0 || s.legacyCap { // with the cap, users come when others are answered
		return all
	}
	crowd := closedloop.New(config)
	for requests < all {
		due, ok := crowd.Next()
		if !ok || due >= s.common.Time {
			break
		}
		if s.measured(crowd.Start().User) {
			requests++
		}
	}
	return requests
}

// cold is a user's first prompt, but for the system prompt that all share.
func (s *strict) cold(_, question int) float64 {
	if question > 1 || s.firstLen == 0 {
		return 0
	}
	return float64(s.firstLen) / float64(s.firstLen+s.systemLen)
}

// config is a crowd that grows until it is complete and then stays so: users
// come at times that depend on no answer.
func (s *strict) config() closedloop.Config {
	config := closedloop.Config{Rounds: s.rounds, Gap: schedule.Seconds(s.interval), FirstID: s.firstID, Overlap: true}
	config.ArrivalGap = schedule.Seconds(s.interval * float64(s.rounds) / float64(s.users))
	if !s.legacyCap {
		config.Open = true
		return config
	}
	for range s.users {
		config.Slots = append(config.Slots, closedloop.Slot{Asked: s.rounds})
	}
	return config
}

// measured tells whether a user is one of the second crowd.
func (s *strict) measured(user int) bool {
	ordinal := user - s.firstID // from 0
	return ordinal >= s.users && ordinal < 2*s.users
}

// row keeps users who are not measured out of the CSV, but not out of the
// figures for all users.
func (s *strict) row(turn *workload.Request, row *record.Row) bool {
	s.lastID = max(s.lastID, turn.User)
	measured := s.measured(turn.User)
	s.window.add(row, measured)
	row.RecordStats = "True"
	return measured
}
