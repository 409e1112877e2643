package workload

import (
	"time"

	"github.com/LMCache/LMBench/tools/engine/openai"
	"github.com/LMCache/LMBench/tools/load/schedule"
)

// A Request is one request of a load: what is sent, when it is due, and what
// came back. Offsets count from the start of the stage.
type Request struct {
	User             int            // user id
	Question         int            // number of the user's question, from 1
	Answer           int            // number of its answer in this conversation, from 1; simulated answers do not count
	Due              time.Duration  // when it is to be sent
	CarriedOver      time.Duration  // how far Due lies behind the ideal, because earlier answers were slow
	SimulatedHistory bool           // the earlier answers in the prompt are synthetic: the engine has not computed them
	UncachedShare    float64        // share of the prompt, 0 to 1, that no cache can contain unless another run put it there; 0: unknown
	Payload          openai.Request // what is sent
	Owner            any            // of the plan that made the request; others leave it alone

	// The following are set by whoever sends the request.

	Dispatch schedule.Dispatch
	Ended    time.Duration // when the answer or failure was complete
	Reply    openai.Reply
	Err      error
}

// A Plan says which requests are due when.
type Plan = schedule.Plan[*Request]

// An OpenLoop is a Plan of requests that wait for no answer.
type OpenLoop = schedule.OpenLoop[*Request]
