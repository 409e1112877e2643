// Random is LMBench's workload without anything to reuse: users ask questions
// of random words, each without any history.
package main

import (
	"os"
	"time"

	"github.com/LMCache/LMBench/tools/load/closedloop"
	"github.com/LMCache/LMBench/tools/load/params"
	"github.com/LMCache/LMBench/tools/load/schedule"
	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/results/record"
)

const about = `random: users ask questions of random words, without any history.

NUM_USERS users at a time each ask NUM_ROUNDS questions, one after the other,
each of PROMPT_LEN words that no other question has: nothing can come from a
cache. A word is about four tokens. A user who is done is replaced.`

func main() { os.Exit(workload.Main(new(random).workload())) }

type random struct {
	common                              workload.Common
	users, rounds, promptLen, answerLen int
	qps                                 float64
	seed                                int
	noReplace                           bool

	nextID int // of the next point's first user, if above what the parameters say
}

func (r *random) workload() workload.Workload {
	return workload.Workload{
		Name:    "random",
		Script:  "run-random.sh",
		About:   about,
		Example: "meta-llama/Llama-3.1-8B-Instruct http://localhost:30080 my-baseline 20 20 500 100 my-suite 0 spec.yaml session-1 1.0 2.0",
		Positional: []string{"MODEL", "BASE_URL", "KEY", "NUM_USERS", "NUM_ROUNDS", "PROMPT_LEN", "ANSWER_LEN", "NAME", "SERVING_INDEX",
			"SPEC_FILE_PATH", "LMBENCH_SESSION_ID"},
		Point:    params.Param{Name: "QPS", Flag: "qps", Value: params.Positive(&r.qps), Help: "requests a second of the whole crowd"},
		Points:   []string{"1.0"},
		Time:     "100",
		Defaults: map[string]string{"api-key": "dummy-key"},
		Pairs:    []string{"NUM_USERS", "NUM_ROUNDS", "PROMPT_LEN", "ANSWER_LEN", "QPS"},
		Common:   &r.common,
		Params: []params.Param{
			{Name: "NUM_USERS", Flag: "num-users", Value: params.Int(&r.users, 1), Help: "users at a time"},
			{Name: "NUM_ROUNDS", Flag: "num-rounds", Value: params.Int(&r.rounds, 1), Help: "questions of each user"},
			{Name: "PROMPT_LEN", Flag: "prompt-len", Value: params.Int(&r.promptLen, 0), Help: "words of a question"},
			{Name: "ANSWER_LEN", Flag: "answer-len", Value: params.Int(&r.answerLen, 1), Help: "tokens of an answer at most"},
			{Flag: "seed", Value: params.Seed(&r.seed), Help: "of the words; else from the time, recorded"},
			{Flag: "no-replace", Value: params.Bool(&r.noReplace), Default: "false",
				Help: "users who are done are not replaced, as in the original: the load ends after NUM_ROUNDS*NUM_USERS/QPS seconds"},
		},
		Layout: record.Conversation(),
		Stages: r.stages,
	}
}

// stages are one point. No id is used by two points.
func (r *random) stages(bool) []workload.Stage {
	first := max(r.common.InitUserID, r.nextID)
	r.nextID = first + r.users

	load := closedloop.Load{Users: r.users, Rounds: r.rounds, QPS: r.qps}
	config := r.config(load)
	config.FirstID = first
	stage := workload.Stage{
		Name: "measured", For: r.common.Time, Connections: r.users, Offered: r.qps,
		Notes: append(load.NoteLength(r.common.Time), load.NoteSteps()...),
		Plan: func(control workload.Control) workload.Plan {
			config.NewConversation, config.Final = r.converse, control.Final
			config.Uncached = func(int, int) float64 { return 1 }
			return closedloop.New(config)
		},
	}
	if r.common.Time > 0 {
		last := 0
		stage.Planned, last = closedloop.Offered(config, r.common.Time)
		r.nextID = max(r.nextID, last+1)
	}
	if r.noReplace {
		stage.Offered = 0 // it decays
	}
	return []workload.Stage{stage}
}

// config is the crowd as it starts: in full swing. The first user has asked
// all, the last one as few as any.
func (r *random) config(load closedloop.Load) closedloop.Config {
	gap := load.Gap()
	config := closedloop.Config{Rounds: load.Rounds, Gap: schedule.Seconds(gap)}
	config.NoArrivals = r.noReplace
	config.SlotTime = time.Duration(load.Rounds) * config.Gap
	for i := range load.Users {
		since := load.Life() - float64(float64(i)*(load.Life()/float64(load.Users)))
		passed := int(since/gap) + 1
		due := float64(float64(passed)*gap) - since // rounded so on every kind of processor
		if load.Rounds == 1 {
			due = float64(i) / load.QPS // nobody has a past: spread them
		}
		config.Slots = append(config.Slots, closedloop.Slot{Asked: passed, Due: schedule.Seconds(due)})
	}
	return config
}
