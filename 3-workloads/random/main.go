// Command random is LMBench's random workload: users ask questions of random words
// without any history, so a prefix cache never hits.
package main

import (
	"os"
	"time"

	"github.com/LMCache/LMBench/tools/load/closedloop"
	"github.com/LMCache/LMBench/tools/load/params"
	"github.com/LMCache/LMBench/tools/load/runner"
	"github.com/LMCache/LMBench/tools/load/schedule"
	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/results/record"
)

const about = `random: users ask questions of random words, without any history.

NUM_USERS concurrent users each ask NUM_ROUNDS questions, one after the other.
A question has PROMPT_LEN random words of about four tokens each, different in
every question, so the engine's prefix cache never hits. A user who has asked
all questions is replaced by a new one.`

func main() { os.Exit(runner.Main(new(random).workload())) }

// random holds the values of the parameters.
type random struct {
	common    workload.Common
	users     int // at a time
	rounds    int // questions of each user
	promptLen int // words
	answerLen int // tokens
	qps       float64
	seed      int
	noReplace bool

	nextID int // first user id that earlier points of the sweep have not used
}

func (r *random) workload() workload.Workload {
	return workload.Workload{
		Name:    "random",
		Script:  "run-random.sh",
		About:   about,
		Example: "meta-llama/Llama-3.1-8B-Instruct http://localhost:30080 my-baseline 20 20 500 100 my-suite 0 spec.yaml session-1 1.0 2.0",
		Positional: []string{"MODEL", "BASE_URL", "KEY", "NUM_USERS", "NUM_ROUNDS", "PROMPT_LEN", "ANSWER_LEN", "NAME", "SERVING_INDEX",
			"SPEC_FILE_PATH", "LMBENCH_SESSION_ID"},
		Point:      params.Param{Name: "QPS", Flag: "qps", Value: params.Positive(&r.qps), Help: "requests per second of all users together"},
		Points:     []string{"1.0"},
		Time:       "100",
		Defaults:   map[string]string{"api-key": "dummy-key"},
		ResultKeys: []string{"NUM_USERS", "NUM_ROUNDS", "PROMPT_LEN", "ANSWER_LEN", "QPS"},
		Common:     &r.common,
		Params: []params.Param{
			{Name: "NUM_USERS", Flag: "num-users", Value: params.Int(&r.users, 1), Help: "concurrent users"},
			{Name: "NUM_ROUNDS", Flag: "num-rounds", Value: params.Int(&r.rounds, 1), Help: "questions per user"},
			{Name: "PROMPT_LEN", Flag: "prompt-len", Value: params.Int(&r.promptLen, 0), Help: "random words per question, about four tokens each"},
			{Name: "ANSWER_LEN", Flag: "answer-len", Value: params.Int(&r.answerLen, 1), Help: "maximum tokens per answer"},
			{Flag: "seed", Value: params.Seed(&r.seed), Help: "seed of the words; if not given, taken from the clock and recorded in the result"},
			{Flag: "no-replace", Value: params.Bool(&r.noReplace), Default: "false",
				Help: "do not replace users, as in the original: the load ends after NUM_ROUNDS*NUM_USERS/QPS seconds"},
		},
		Layout: record.Conversation(),
		Stages: r.stages,
	}
}

// stages returns the load of one point. Every user id is used only once in a sweep.
func (r *random) stages(bool) []workload.Stage {
	first := max(r.common.InitUserID, r.nextID)
	r.nextID = first + r.users

	load := closedloop.Load{Users: r.users, Rounds: r.rounds, QPS: r.qps}
	config := r.config(load)
	config.FirstID = first
	measured := workload.Stage{
		Name: "measured", For: r.common.Time, Connections: r.users, Offered: r.qps,
		Notes: append(load.NoteLength(r.common.Time), load.NoteSteps()...),
		Plan: func(control workload.Control) workload.Plan {
			config.NewConversation, config.Final = r.conversation, control.Final
			config.Uncached = func(int, int) float64 { return 1 }
			return closedloop.New(config)
		},
	}
	if r.common.Time > 0 {
		last := 0
		measured.Planned, last = closedloop.Offered(config, r.common.Time)
		r.nextID = max(r.nextID, last+1)
	}
	if r.noReplace {
		measured.Offered = 0 // the rate falls as users leave
	}
	return []workload.Stage{measured}
}

// config describes the users at the start, when they are spread evenly over their
// conversations: the first user has asked all its questions, the last one the
// fewest.
func (r *random) config(load closedloop.Load) closedloop.Config {
	gap := load.Gap()
	config := closedloop.Config{Rounds: load.Rounds, Gap: schedule.Seconds(gap)}
	config.NoArrivals = r.noReplace
	config.SlotTime = time.Duration(load.Rounds) * config.Gap
	for i := range load.Users {
		since := load.Life() - float64(float64(i)*(load.Life()/float64(load.Users)))
		asked := int(since/gap) + 1
		// The conversion keeps compilers from fusing the product and the difference,
		// which would round differently on other processors.
		due := float64(float64(asked)*gap) - since
		if load.Rounds == 1 {
			due = float64(i) / load.QPS // there is only one question, so spread these
		}
		config.Slots = append(config.Slots, closedloop.Slot{Asked: asked, Due: schedule.Seconds(due)})
	}
	return config
}
