package main

import (
	"github.com/LMCache/LMBench/tools/load/closedloop"
	"github.com/LMCache/LMBench/tools/load/schedule"
	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/results/record"
)

// stages returns the load of one point: a single stage, which ends itself when the
// measured users are done.
func (s *strict) stages(bool) []workload.Stage {
	// Every user id is used only once in a sweep. With an engine that answers at
	// once, three times s.users users arrive. A slower engine sees more of them, so
	// the ids of a fourth set are left unused.
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
			config.NewConversation, config.Final, config.Uncached = s.conversation, control.Final, s.uncachedShare
			config.OnLeave = func(user int) {
				if s.measured(user) {
					done++
				}
				if done == s.users {
					control.End() // do not wait for the other users
				}
			}
			return closedloop.New(config)
		},
	}}
}

// planned returns how many requests of measured users are due within the time.
func (s *strict) planned(config closedloop.Config) (requests int) {
	all := s.users * s.rounds
	if s.common.Time == 0 || s.legacyCap { // with the cap, arrivals depend on answers
		return all
	}
	users := closedloop.New(config)
	for requests < all {
		due, ok := users.Next()
		if !ok || due >= s.common.Time {
			break
		}
		if s.measured(users.Start().User) {
			requests++
		}
	}
	return requests
}

// uncachedShare returns the share of a prompt that no cache can contain: in a user's
// first prompt everything but the shared system prompt.
func (s *strict) uncachedShare(_, question int) float64 {
	if question > 1 || s.firstLen == 0 {
		return 0
	}
	return float64(s.firstLen) / float64(s.firstLen+s.systemLen)
}

// config describes users who arrive one by one, at times that do not depend on
// answers unless --legacy-cap is set. From the time when s.users of them are
// active, about as many leave as arrive.
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

// measured reports whether a user is measured: the second s.users users are.
func (s *strict) measured(user int) bool {
	ordinal := user - s.firstID // from 0
	return ordinal >= s.users && ordinal < 2*s.users
}

// row counts a request for the rates of all users, and reports whether it belongs in
// the CSV, which holds only measured users.
func (s *strict) row(request *workload.Request, row *record.Row) bool {
	s.lastID = max(s.lastID, request.User)
	measured := s.measured(request.User)
	s.window.add(row, measured)
	row.RecordStats = "True"
	return measured
}
