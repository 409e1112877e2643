package main

import (
	"strconv"

	"github.com/LMCache/LMBench/tools/results/record"
	"github.com/LMCache/LMBench/tools/results/runfile"
)

// A window collects the requests of all users, to compute their rates over the time
// in which the measured users are served. About half of the load in that time comes
// from other users.
type window struct {
	launches  []float64 // in seconds since 1970
	succeeded []success

	// Of the measured users' requests, in seconds since 1970:
	firstLaunch, lastLaunch, lastFinish float64
}

// A success is a request that was answered.
type success struct {
	finish            float64 // in seconds since 1970
	prompt, generated float64 // tokens
}

// add adds a request.
func (w *window) add(row *record.Row, measured bool) {
	w.launches = append(w.launches, row.LaunchTime)
	if measured {
		if w.firstLaunch == 0 || row.LaunchTime < w.firstLaunch {
			w.firstLaunch = row.LaunchTime
		}
		w.lastLaunch = max(w.lastLaunch, row.LaunchTime)
	}
	if !row.OK() {
		return
	}
	if measured {
		w.lastFinish = max(w.lastFinish, row.FinishTime)
	}
	s := success{finish: row.FinishTime, generated: *row.GenerationTokens}
	if row.PromptTokens != nil {
		s.prompt = *row.PromptTokens
	}
	w.succeeded = append(w.succeeded, s)
}

// describe adds the sums over all requests that finished within the window.
func (w *window) describe(run *runfile.Run) {
	var requests int
	var prompt, generated float64
	for _, s := range w.succeeded {
		if s.finish >= w.firstLaunch && s.finish <= w.lastFinish {
			requests++
			prompt += s.prompt
			generated += s.generated
		}
	}
	run.AllUsers = runfile.AllUsers{Requests: &requests, InputTokens: new(int(prompt)), GeneratedTokens: new(int(generated))}
	if rate := w.rate(); rate > 0 {
		rate, _ = strconv.ParseFloat(strconv.FormatFloat(rate, 'g', 6, 64), 64) // rounded to six digits; this cannot fail
		run.AchievedRate = &rate
	}
}

// rate returns the requests per second that all users sent between the first and
// the last request of the measured users.
func (w *window) rate() float64 {
	n := 0
	for _, launch := range w.launches {
		if launch >= w.firstLaunch && launch <= w.lastLaunch {
			n++
		}
	}
	if w.lastLaunch <= w.firstLaunch {
		return 0
	}
	return float64(n-1) / (w.lastLaunch - w.firstLaunch)
}
