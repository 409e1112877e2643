package main

import (
	"fmt"
	"math"
	"time"

	"github.com/LMCache/LMBench/tools/data/sharegpt"
	"github.com/LMCache/LMBench/tools/load/workload"
)

// stages returns the stages of a point.
func (s *shareGPT) stages(single bool) []workload.Stage {
	measured := s.stage("measured", s.data.run, s.common.Time)
	measured.Notes = s.notes()
	if single {
		return []workload.Stage{measured}
	}
	warmUp := workload.EngineWarmUp(&s.common)
	if len(s.data.warmUp) > 0 {
		warmUp = s.stage("warm-up", s.data.warmUp, 0)
	} else {
		measured.Notes = append(measured.Notes, "no warm-up requests: the engine is warmed up with other prompts")
	}
	warmUp.Rest = s.common.Cooldown
	return []workload.Stage{warmUp, measured}
}

// stage returns a stage that sends requests at the point's rate until a time limit,
// or all of them if it is 0.
func (s *shareGPT) stage(name string, requests []sharegpt.Request, limit time.Duration) workload.Stage {
	arrivals := s.common.Arrivals.Draw(s.qps, len(requests), 0)
	return workload.Stage{
		Name: name, For: limit, Planned: arrivals.Count(limit), Offered: s.qps,
		Connections: min(len(requests), int(math.Ceil(4*s.qps)), 256),
		Plan: func(control workload.Control) workload.Plan {
			c := &conversations{shareGPT: s, requests: requests, delta: s.history == "delta", open: map[int]*conversation{}}
			if s.ordered || c.delta {
				return newOrderedPlan(c, arrivals, control.Final)
			}
			return &workload.OpenLoop{Arrivals: arrivals, Final: control.Final, Item: c.request}
		},
	}
}

// notes returns warnings about the data.
func (s *shareGPT) notes() []string {
	var notes []string
	if s.data.stale != "" {
		notes = append(notes, "STALE DATA: "+s.data.stale+"; run prepare_sharegpt_data.sh again")
	}
	if p := s.data.params; p != nil && p.Approximate {
		notes = append(notes, "answer lengths are APPROXIMATE: "+s.file+" was prepared without a tokenizer")
	}
	capped := 0
	for i := range s.data.run {
		if answerLen(&s.data.run[i]) > s.maxAnswer {
			capped++
		}
	}
	if capped > 0 {
		notes = append(notes, fmt.Sprintf("%d of %d recorded answers are longer than --max-answer %d and limited to it", capped, len(s.data.run), s.maxAnswer))
	}
	return notes
}
