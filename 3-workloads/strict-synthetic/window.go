package main

import (
	"strconv"

	"github.com/LMCache/LMBench/tools/results/record"
	"github.com/LMCache/LMBench/tools/results/runfile"
)

// window is what all users sent, and what the engine did for them, while the
// measured ones were served: about half of it is for others.
type window struct {
	sent                []float64 // launches, epoch s
	served              []served
	first, last, finish float64 // launches and finish of the measured users' requests
}

// served is a request that succeeded.
type served struct {
	finish            float64 // epoch s
	prompt, generated float64 // tokens
}

func (w *window) add(row *record.Row, measured bool) {
	w.sent = append(w.sent, row.LaunchTime)
	if measured {
		if w.first == 0 || row.LaunchTime < w.first {
			w.first = row.LaunchTime
		}
		w.last = max(w.last, row.LaunchTime)
	}
	if !row.OK() {
		return
	}
	if measured {
		w.finish = max(w.finish, row.FinishTime)
	}
	s := served{finish: row.FinishTime, generated: *row.GenerationTokens}
	if row.PromptTokens != nil {
		s.prompt = *row.PromptTokens
	}
	w.served = append(w.served, s)
}

// describe adds the sums over all requests within the window.
func (w *window) describe(run *runfile.Run) {
	var requests int
	var prompt, generated float64
	for _, s := range w.served {
		if s.finish >= w.first && s.finish <= w.finish {
			requests++
			prompt += s.prompt
			generated += s.generated
		}
	}
	run.AllUsers = runfile.AllUsers{Requests: &requests, InputTokens: new(int(prompt)), GeneratedTokens: new(int(generated))}
	if rate := w.rate(); rate > 0 {
		rate, _ = strconv.ParseFloat(strconv.FormatFloat(rate, 'g', 6, 64), 64) // six digits; it cannot fail
		run.AchievedRate = &rate
	}
}

// rate is the requests a second that all users sent from the measured users'
// first request to their last.
func (w *window) rate() float64 {
	n := 0
	for _, launch := range w.sent {
		if launch >= w.first && launch <= w.last {
			n++
		}
	}
	if w.last <= w.first {
		return 0
	}
	return float64(n-1) / (w.last - w.first)
}
