// Command your-workload sends prompts of made-up words, each by a new user, at
// exactly QPS requests a second: an open loop, which waits for no answer.
//
// It is made to be copied: see ../ADDING_NEW_WORKLOADS.md. What a copy changes
// is marked CHANGE; everything else holds for every workload.
package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"time"

	"github.com/LMCache/LMBench/tools/data/chat"
	"github.com/LMCache/LMBench/tools/load/params"
	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/results/record"
)

// CHANGE: what --help says first.
const about = `your-workload: prompts of made-up words, at exactly QPS requests a second.

Requests leave evenly spaced, each when it is due, whatever becomes of those
before it. Each comes from a new user, and no two prompts begin alike, so that
an engine's prefix cache finds nothing.`

func main() { os.Exit(workload.Main(new(load).workload())) }

// load is the workload with its parameters.
type load struct {
	common workload.Common
	qps    float64
	asked  int // requests of all points before: no user id comes twice

	promptLen, answerLen, seed int // CHANGE: its own parameters
}

func (l *load) workload() workload.Workload {
	return workload.Workload{
		Name:       "your_workload",
		Script:     "run_your_workload.sh",
		About:      about,
		Example:    "meta-llama/Llama-3.1-8B-Instruct http://localhost:30080 my-baseline my-suite 0 spec.yaml session-1 1.0 2.0",
		Positional: []string{"MODEL", "BASE_URL", "KEY", "NAME", "SERVING_INDEX", "SPEC_FILE_PATH", "LMBENCH_SESSION_ID"},
		Point:      params.Param{Name: "QPS", Flag: "qps", Value: params.Positive(&l.qps), Help: "requests a second"},
		Points:     []string{"1.0"},
		Time:       "100",
		Pairs:      []string{"QPS"},
		Common:     &l.common,
		OpenLoop:   true,
		Params: []params.Param{ // CHANGE: each is a flag, a variable, a key in a spec and one in the result
			{Flag: "prompt-len", Value: params.Int(&l.promptLen, 0), Default: "100", Help: "made-up words in a prompt, each about a token"},
			{Flag: "answer-len", Value: params.Int(&l.answerLen, 1), Default: "100", Help: "tokens of an answer at most"},
			{Flag: "seed", Value: params.Int(&l.seed, 0), Default: "0", Help: "same seed, same prompts"},
		},
		Layout: record.Conversation(),
		Stages: l.stages,
	}
}

// stages are what a point runs. Without an answer to the first, it is over.
func (l *load) stages(bool) []workload.Stage {
	arrivals := l.common.Arrivals.Arrivals(l.qps, 0, uint64(l.seed)) // CHANGE: when requests are due
	before := l.common.InitUserID + l.asked
	measured := workload.Stage{Name: "measured", For: l.common.Time, Offered: l.qps, Planned: arrivals.Count(l.common.Time),
		Plan: func(control workload.Control) workload.Plan {
			return &workload.OpenLoop{Arrivals: arrivals, Final: control.Final, Item: func(i int, due time.Duration) *workload.Request {
				return l.ask(before+i+1, due)
			}}
		},
	}
	l.asked += measured.Planned
	return []workload.Stage{workload.EngineWarmUp(&l.common), measured}
}

// ask is a user's only request.
func (l *load) ask(user int, due time.Duration) *workload.Request {
	conversation := []chat.Message{{Role: chat.User, Content: l.prompt(user)}}
	request := l.common.Request(conversation, strconv.Itoa(user), l.answerLen)
	return &workload.Request{User: user, Question: 1, Answer: 1, Due: due, UncachedShare: 1, Payload: request}
}

// prompt depends on seed and user alone. CHANGE: what the workload asks.
func (l *load) prompt(user int) chat.Text {
	words := [...]string{"river ", "window ", "garden ", "bridge ", "winter ", "letter ", "market ", "silver "}
	random := rand.New(rand.NewPCG(uint64(l.seed), uint64(user)))
	text := chat.Text{fmt.Sprintf("%d asks for a story about these words: ", user)}
	for range l.promptLen {
		text = append(text, words[random.IntN(len(words))])
	}
	return text
}
