// Command synthetic is LMBench's multi-round question answering workload: users
// with long histories ask a question, wait for the answer and ask again, together
// at a given number of requests per second.
package main

import (
	"cmp"
	"os"
	"time"

	"github.com/LMCache/LMBench/tools/load/closedloop"
	"github.com/LMCache/LMBench/tools/load/params"
	"github.com/LMCache/LMBench/tools/load/runner"
	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/results/record"
)

const about = `synthetic: concurrent users hold multi-round conversations with a serving engine.

All users share a system prompt, and each has a history of its own. A user asks
NUM_ROUNDS questions, one after the other, and each prompt repeats the whole
conversation so far. A question is sent when it is due and the previous answer
is complete. At the start, users are spread over the rounds of their
conversations; questions they have already asked have synthetic answers.`

func main() { os.Exit(runner.Main(new(synthetic).workload())) }

// synthetic holds the values of the parameters.
type synthetic struct {
	common       workload.Common
	users        int // at a time
	rounds       int // questions of each user
	systemLen    int // tokens
	historyLen   int // tokens
	answerLen    int // tokens
	qps          float64
	exactRate    bool
	shareGPT     bool
	shareGPTFile string

	warmUpUsers int // the warm-up's length in half seconds
	warmUpTime  time.Duration
	warmUp      closedloop.Load

	transcripts []transcript // the users' questions; nil without USE_SHAREGPT
	leftOut     string       // which records of the file are no conversations
	nextID      int          // first user id that earlier points of the sweep have not used
	lastWarmed  int          // last user id of the point's warm-up; 0 without one
}

func (s *synthetic) workload() workload.Workload {
	return workload.Workload{
		Name:    "synthetic",
		Script:  "run_synthetic.sh",
		About:   about,
		Example: "meta-llama/Llama-3.1-8B-Instruct http://localhost:30080 my-baseline 0 10 20 0 2000 100 False my-suite 0 spec.yaml session-1 completions 1.0 2.0",
		Positional: []string{"MODEL", "BASE_URL", "KEY", "NUM_USERS_WARMUP", "NUM_USERS", "NUM_ROUNDS", "SYSTEM_PROMPT", "CHAT_HISTORY",
			"ANSWER_LEN", "USE_SHAREGPT", "NAME", "SERVING_INDEX", "SPEC_FILE_PATH", "LMBENCH_SESSION_ID", "API_TYPE"},
		Point:  params.Param{Name: "QPS", Flag: "qps", Value: params.Positive(&s.qps), Help: "requests per second of all users together"},
		Points: []string{"0.7"},
		Time:   "200",
		ResultKeys: []string{"NUM_USERS_WARMUP", "NUM_USERS", "NUM_ROUNDS", "SYSTEM_PROMPT", "CHAT_HISTORY", "ANSWER_LEN", "QPS",
			"USE_SHAREGPT", "API_TYPE"},
		Common: &s.common,
		Params: []params.Param{
			{Name: "NUM_USERS_WARMUP", Value: params.Int(&s.warmUpUsers, 0), IfNone: "0", Help: "twice the seconds of warm-up, by one user at a time"},
			{Name: "NUM_USERS", Flag: "num-users", Value: params.Int(&s.users, 1), Help: "concurrent users"},
			{Name: "NUM_ROUNDS", Flag: "num-rounds", Value: params.Int(&s.rounds, 1), Help: "questions per user"},
			{Name: "SYSTEM_PROMPT", Flag: "shared-system-prompt", Value: params.Int(&s.systemLen, 0), Help: "tokens of the system prompt that all users share"},
			{Name: "CHAT_HISTORY", Flag: "user-history-prompt", Value: params.Int(&s.historyLen, 0), Help: "tokens of each user's own history"},
			{Name: "ANSWER_LEN", Flag: "answer-len", Value: params.Int(&s.answerLen, 1), Help: "maximum tokens per answer"},
			{Name: "USE_SHAREGPT", Flag: "sharegpt", Value: params.Bool(&s.shareGPT), Default: "false", Help: "take the questions from real conversations of ShareGPT"},
			{Flag: "sharegpt-file", Value: params.OptionalText(&s.shareGPTFile), Help: "file of these conversations; by default ShareGPT.json, in the working directory or beside this program"},
			{Flag: "warmup-time", Value: params.TimeLimit(&s.warmUpTime), Help: "seconds of warm-up before a point; by default half of NUM_USERS_WARMUP"},
			{Flag: "warmup-users", Value: params.Int(&s.warmUp.Users, 1), Default: "1", Help: "concurrent users in the warm-up"},
			{Flag: "warmup-rounds", Value: params.Int(&s.warmUp.Rounds, 1), Default: "2", Help: "questions per user in the warm-up"},
			{Flag: "warmup-qps", Value: params.Positive(&s.warmUp.QPS), Default: "2", Help: "requests per second in the warm-up"},
			{Flag: "exact-rate", Value: params.Bool(&s.exactRate), Default: "false",
				Help: "send exactly QPS, evenly spaced; by default QPS*R/(R-1) for R rounds, as the original does"},
		},
		Layout: record.Conversation(),
		Check:  s.check,
		Stages: s.stages,
	}
}

func (s *synthetic) check() error {
	if s.shareGPT {
		return s.readTranscripts()
	}
	return nil
}

// stages returns the load of one point: an optional warm-up, then the measured
// stage. The warm-up uses the ids of the first measured users, so that their
// histories are cached. Otherwise every user id is used only once in a sweep.
func (s *synthetic) stages(alone bool) []workload.Stage {
	first := max(s.common.InitUserID+1, s.nextID)
	// As in the original, the ids of two points are at least warmUpUsers apart.
	s.nextID, s.lastWarmed = first+s.warmUpUsers, 0
	engine := workload.EngineWarmUp(&s.common)
	stages := []workload.Stage{engine}
	length := cmp.Or(s.warmUpTime, time.Duration(s.warmUpUsers/2)*time.Second)
	if length > 0 && !alone {
		stages = append(stages, s.stage("warm-up", userLoad{Load: s.warmUp}, first, length), engine)
	}
	measured := userLoad{closedloop.Load{Users: s.users, Rounds: s.rounds, QPS: s.qps}, s.exactRate}
	return append(stages, s.stage("measured", measured, first, s.common.Time))
}

// uncachedShare returns the share of a prompt that no cache can contain: in a
// user's first question everything but the shared system prompt, unless the warm-up
// has sent it.
func (s *synthetic) uncachedShare(user, question int) float64 {
	if question > 1 || user <= s.lastWarmed {
		return 0
	}
	own := float64(s.historyLen + 30) // the fixed words have about 30 tokens
	return own / (own + float64(s.systemLen))
}

func (s *synthetic) stage(name string, load userLoad, firstID int, length time.Duration) workload.Stage {
	config := load.config()
	config.FirstID = firstID
	stage := workload.Stage{
		Name: name, For: length, Connections: load.Users, Offered: load.offered(),
		Plan: func(control workload.Control) workload.Plan {
			config.NewConversation, config.Final, config.Uncached = s.conversation, control.Final, s.uncachedShare
			return closedloop.New(config)
		},
	}
	if length > 0 {
		last := 0
		stage.Planned, last = closedloop.Offered(config, length)
		s.nextID = max(s.nextID, last+1)
		if name != "measured" {
			s.lastWarmed = last
		}
	}
	if name == "measured" {
		stage.Notes = load.notes(length)
		if s.leftOut != "" {
			stage.Notes = append(stage.Notes, s.leftOut)
		}
	}
	return stage
}
