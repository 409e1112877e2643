package main

import (
	"fmt"
	"math"

	"github.com/LMCache/LMBench/tools/data/sharegpt"
	"github.com/LMCache/LMBench/tools/load/workload"
)

// stages are one point.
func (s *shareGPT) stages(alone bool) []workload.Stage {
	measured := s.stage("measured", s.data.run)
	measured.For = s.common.Time
	if measured.For > 0 {
		measured.Planned = min(measured.Planned, int(math.Ceil(measured.For.Seconds()*s.qps)))
	}
	measured.Notes = s.notes()
	if alone {
		return []workload.Stage{measured}
	}
	warmUp := workload.EngineWarmUp(&s.common)
	if len(s.data.warmUp) > 0 {
		warmUp = s.stage("warm-up", s.data.warmUp)
	} else {
		measured.Notes = append(measured.Notes, "there is nothing to warm up with: only the engine was warmed up, by other prompts")
	}
	warmUp.Rest = s.common.Cooldown
	return []workload.Stage{warmUp, measured}
}

// stage sends items at the point's rate.
func (s *shareGPT) stage(name string, items []sharegpt.Request) workload.Stage {
	arrivals := s.common.Arrivals.Arrivals(s.qps, len(items), 0)
	return workload.Stage{
		Name: name, Planned: len(items), Offered: s.qps,
		Connections: min(len(items), int(math.Ceil(4*s.qps)), 256),
		Plan: func(control workload.Control) workload.Plan {
			talks := &talks{shareGPT: s, items: items, delta: s.history == "delta", of: map[int]*talk{}}
			if s.ordered || talks.delta {
				return newOrdered(talks, arrivals, control.Final)
			}
			return &workload.OpenLoop{Arrivals: arrivals, Final: control.Final, Item: talks.turn}
		},
	}
}

// notes are what a person should know before the run.
func (s *shareGPT) notes() []string {
	var notes []string
	if s.data.stale != "" {
		notes = append(notes, "STALE DATA: "+s.data.stale+"; prepare_sharegpt_data.sh makes it anew")
	}
	if p := s.data.params; p != nil && p.Approximate {
		notes = append(notes, "the lengths of answers are APPROXIMATE: no tokenizer was found when "+s.file+" was made")
	}
	capped := 0
	for i := range s.data.run {
		if answerLen(&s.data.run[i]) > s.maxAnswer {
			capped++
		}
	}
	if capped > 0 {
		notes = append(notes, fmt.Sprintf("%d of %d answers in the dataset are longer than --max-answer %d, and cut to it", capped, len(s.data.run), s.maxAnswer))
	}
	return notes
}
