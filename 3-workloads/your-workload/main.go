// Command your-workload sends prompts of random words at QPS requests per second,
// each from a new user. This is an open loop: requests leave on schedule, regardless
// of responses.
//
// It is the template for new workloads: tools/newworkload/newworkload copies this
// folder under another name. In the copy, edit the places marked CHANGE, starting with
// this comment; the rest works as it is. ../ADDING_NEW_WORKLOADS.md explains each step.
package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"time"

	"github.com/LMCache/LMBench/tools/data/chat"
	"github.com/LMCache/LMBench/tools/load/params"
	"github.com/LMCache/LMBench/tools/load/runner"
	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/results/record"
)

// about is the first part of --help.
//
// CHANGE: say in a few lines what the load is and why someone would send it.
const about = `your-workload: random prompts in an open loop, at QPS requests per second.

Requests leave on schedule, regardless of responses, and are evenly spaced unless
--arrivals says otherwise. Each comes from a new user. No two prompts start with
the same words, so the engine's prefix cache never hits.`

func main() { os.Exit(runner.Main(new(load).workload())) }

// load holds the values of the parameters, and the little that one point of a
// sweep must know about the points before it.
type load struct {
	common workload.Common // the parameters of every workload: model, URL, time, ...
	qps    float64

	// CHANGE: the parameters of this workload.
	promptLen int // words
	answerLen int // tokens
	seed      int

	usersSoFar int // in earlier points; every user id is used only once
}

// workload declares the command: its name, arguments, flags and requests. The
// fields of workload.Workload document what else can be declared.
func (l *load) workload() workload.Workload {
	return workload.Workload{
		Name:       "your_workload",
		Script:     "run_your_workload.sh",
		About:      about,
		Example:    "meta-llama/Llama-3.1-8B-Instruct http://localhost:30080 my-baseline my-suite 0 spec.yaml session-1 1.0 2.0",
		Positional: []string{"MODEL", "BASE_URL", "KEY", "NAME", "SERVING_INDEX", "SPEC_FILE_PATH", "LMBENCH_SESSION_ID"},
		Point:      params.Param{Name: "QPS", Flag: "qps", Value: params.Positive(&l.qps), Help: "requests per second"},
		Points:     []string{"1.0"},
		Time:       "100",
		ResultKeys: []string{"QPS"},
		Common:     &l.common,
		// OpenLoop adds the flag --arrivals. CHANGE: remove it for a closed loop.
		OpenLoop: true,
		// CHANGE: the parameters of this workload. A parameter is declared once, here,
		// and becomes a flag (--prompt-len), an environment variable
		// (LMBENCH_PROMPT_LEN), a key of the spec and a key of the result (PROMPT_LEN).
		Params: []params.Param{
			{Flag: "prompt-len", Value: params.Int(&l.promptLen, 0), Default: "100", Help: "random words per prompt, about one token each"},
			{Flag: "answer-len", Value: params.Int(&l.answerLen, 1), Default: "100", Help: "maximum tokens per answer"},
			{Flag: "seed", Value: params.Int(&l.seed, 0), Default: "0", Help: "seed of the prompts; the same seed gives the same prompts"},
		},
		Layout: record.Conversation(),
		Stages: l.stages,
	}
}

// stages returns what one point of a sweep runs: ten short requests that warm the
// engine up, then the load that is measured.
func (l *load) stages(bool) []workload.Stage {
	// CHANGE: when requests are due. Arrivals at a rate follow --arrivals: constant
	// spacing by default, or a Poisson or gamma process, seeded like the prompts.
	arrivals := l.common.Arrivals.Draw(l.qps, 0, uint64(l.seed))
	firstUser := l.common.InitUserID + l.usersSoFar + 1
	measured := workload.Stage{
		Name: "measured", For: l.common.Time,
		// What the load should amount to. The verdict compares it with what was sent.
		Offered: l.qps, Planned: arrivals.Count(l.common.Time),
		// Plan is called twice, once to compute the fingerprint, and must return the
		// same requests each time.
		Plan: func(control workload.Control) workload.Plan {
			return &workload.OpenLoop{Arrivals: arrivals, Final: control.Final, Item: func(i int, due time.Duration) *workload.Request {
				return l.request(firstUser+i, due)
			}}
		},
	}
	l.usersSoFar += measured.Planned
	return []workload.Stage{workload.EngineWarmUp(&l.common), measured}
}

// request returns the only request of a user.
func (l *load) request(user int, due time.Duration) *workload.Request {
	conversation := []chat.Message{{Role: chat.User, Content: l.prompt(user)}}
	return &workload.Request{
		User: user, Question: 1, Answer: 1, // columns of the CSV
		Due:           due,
		UncachedShare: 1, // no part of the prompt can be in a cache
		Payload:       l.common.Request(conversation, strconv.Itoa(user), l.answerLen),
	}
}

// prompt returns the text that a user sends.
//
// CHANGE: what the workload asks. Let it depend only on seed and user, so that the
// same arguments always send the same bytes.
func (l *load) prompt(user int) chat.Text {
	words := [...]string{"river ", "window ", "garden ", "bridge ", "winter ", "letter ", "market ", "silver "}
	random := rand.New(rand.NewPCG(uint64(l.seed), uint64(user)))
	text := chat.Text{fmt.Sprintf("%d asks for a story about these words: ", user)}
	for range l.promptLen {
		text = append(text, words[random.IntN(len(words))])
	}
	return text
}
