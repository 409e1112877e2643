// Synthetic is LMBench's multi-round question answering: a crowd of users with
// long histories, each asking a question, waiting for the answer, and asking
// again, at a given number of requests a second in all.
package main

import (
	"cmp"
	"os"
	"time"

	"github.com/LMCache/LMBench/tools/load/closedloop"
	"github.com/LMCache/LMBench/tools/load/params"
	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/results/record"
)

const about = `synthetic: many users hold multi-round conversations with a serving engine.

Every user has a system prompt shared by all, a history of its own, and asks
NUM_ROUNDS questions, one after the other, each with everything said before.
A question is sent when its time has come and the answer before it is there.
At the start the crowd is in full swing: its users are spread over the rounds
of their conversations, with made-up answers to the questions passed.`

func main() { os.Exit(workload.Main(new(synthetic).workload())) }

type synthetic struct {
	common                                                       workload.Common
	warmUpUsers, users, rounds, systemLen, historyLen, answerLen int
	qps                                                          float64
	shareGPT, exactRate                                          bool
	shareGPTFile                                                 string
	warmUp                                                       closedloop.Load
	warmUpTime                                                   time.Duration

	talks  []talk // to take users' questions from; nil: they are made up
	nextID int    // of the next point's first user, if above what the parameters say
	warmed int    // last user of the point's warm-up; 0: there is none
}

func (s *synthetic) workload() workload.Workload {
	return workload.Workload{
		Name:    "synthetic",
		Script:  "run_synthetic.sh",
		About:   about,
		Example: "meta-llama/Llama-3.1-8B-Instruct http://localhost:30080 my-baseline 0 10 20 0 2000 100 False my-suite 0 spec.yaml session-1 completions 1.0 2.0",
		Positional: []string{"MODEL", "BASE_URL", "KEY", "NUM_USERS_WARMUP", "NUM_USERS", "NUM_ROUNDS", "SYSTEM_PROMPT", "CHAT_HISTORY",
			"ANSWER_LEN", "USE_SHAREGPT", "NAME", "SERVING_INDEX", "SPEC_FILE_PATH", "LMBENCH_SESSION_ID", "API_TYPE"},
		Point:  params.Param{Name: "QPS", Flag: "qps", Value: params.Positive(&s.qps), Help: "requests a second of the whole crowd"},
		Points: []string{"0.7"},
		Time:   "200",
		Pairs: []string{"NUM_USERS_WARMUP", "NUM_USERS", "NUM_ROUNDS", "SYSTEM_PROMPT", "CHAT_HISTORY", "ANSWER_LEN", "QPS",
			"USE_SHAREGPT", "API_TYPE"},
		Common: &s.common,
		Params: []params.Param{
			{Name: "NUM_USERS_WARMUP", Value: params.Int(&s.warmUpUsers, 0), IfNone: "0", Help: "twice the seconds of warm-up, by one user at a time"},
			{Name: "NUM_USERS", Flag: "num-users", Value: params.Int(&s.users, 1), Help: "users at a time"},
			{Name: "NUM_ROUNDS", Flag: "num-rounds", Value: params.Int(&s.rounds, 1), Help: "questions of each user"},
			{Name: "SYSTEM_PROMPT", Flag: "shared-system-prompt", Value: params.Int(&s.systemLen, 0), Help: "tokens of the system prompt all users share"},
			{Name: "CHAT_HISTORY", Flag: "user-history-prompt", Value: params.Int(&s.historyLen, 0), Help: "tokens of each user's own history"},
			{Name: "ANSWER_LEN", Flag: "answer-len", Value: params.Int(&s.answerLen, 1), Help: "tokens of an answer at most"},
			{Name: "USE_SHAREGPT", Flag: "sharegpt", Value: params.Bool(&s.shareGPT), Default: "false", Help: "questions of real conversations"},
			{Flag: "sharegpt-file", Value: params.OptionalText(&s.shareGPTFile), Help: "the conversations; else ShareGPT.json, here or beside this program"},
			{Flag: "warmup-time", Value: params.TimeLimit(&s.warmUpTime), Help: "seconds of warm-up before a point; else half of NUM_USERS_WARMUP"},
			{Flag: "warmup-users", Value: params.Int(&s.warmUp.Users, 1), Default: "1", Help: "users at a time in the warm-up"},
			{Flag: "warmup-rounds", Value: params.Int(&s.warmUp.Rounds, 1), Default: "2", Help: "questions of each of them"},
			{Flag: "warmup-qps", Value: params.Positive(&s.warmUp.QPS), Default: "2", Help: "requests a second in the warm-up"},
			{Flag: "exact-rate", Value: params.Bool(&s.exactRate), Default: "false",
				Help: "send exactly QPS, evenly; else QPS*R/(R-1) for R rounds, as the original does"},
		},
		Layout: record.Conversation(),
		Check:  s.check,
		Stages: s.stages,
	}
}

func (s *synthetic) check() error {
	if s.shareGPT {
		return s.readTalks()
	}
	return nil
}

// stages are one point. Its warm-up has the ids of its first users and so
// warms their histories; no id is used by two points.
func (s *synthetic) stages(alone bool) []workload.Stage {
	// The next point's ids are as far from this one's first as users to warm up
	// were many, and after all that it uses.
	first := max(s.common.InitUserID+1, s.nextID)
	s.nextID, s.warmed = first+s.warmUpUsers, 0
	engine := workload.EngineWarmUp(&s.common)
	stages := []workload.Stage{engine}
	runs := cmp.Or(s.warmUpTime, time.Duration(s.warmUpUsers/2)*time.Second)
	if runs > 0 && !alone {
		stages = append(stages, s.stage("warm-up", crowd{Load: s.warmUp}, first, runs), engine)
	}
	return append(stages, s.stage("measured", crowd{closedloop.Load{Users: s.users, Rounds: s.rounds, QPS: s.qps}, s.exactRate}, first, s.common.Time))
}

// cold is a user's first question, but for the system prompt that all share.
// The words around the two are about thirty.
func (s *synthetic) cold(user, question int) float64 {
	if question > 1 || user <= s.warmed {
		return 0
	}
	own := float64(s.historyLen + 30)
	return own / (own + float64(s.systemLen))
}

func (s *synthetic) stage(name string, c crowd, firstID int, runs time.Duration) workload.Stage {
	config := c.config()
	config.FirstID = firstID
	stage := workload.Stage{
		Name: name, For: runs, Connections: c.Users, Offered: c.offered(),
		Plan: func(control workload.Control) workload.Plan {
			config.NewConversation, config.Final, config.Uncached = s.converse, control.Final, s.cold
			return closedloop.New(config)
		},
	}
	if runs > 0 {
		last := 0
		stage.Planned, last = closedloop.Offered(config, runs)
		s.nextID = max(s.nextID, last+1)
		if name != "measured" {
			s.warmed = last
		}
	}
	if name == "measured" {
		stage.Notes = c.notes(runs)
	}
	return stage
}
