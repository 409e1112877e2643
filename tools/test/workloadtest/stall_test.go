package workloadtest

import (
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/LMCache/LMBench/tools/data/chat"
	"github.com/LMCache/LMBench/tools/engine/openai"
	"github.com/LMCache/LMBench/tools/engine/simengine"
	"github.com/LMCache/LMBench/tools/load/closedloop"
	"github.com/LMCache/LMBench/tools/load/schedule"
	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/results/record"
)

// The engine needs 50 ms to the first of 5 tokens and 90 ms for all. It stalls from
// 5 s to 7 s.
const (
	toFirst, toLast       = 0.05, 0.09
	stallFrom, stallUntil = 5.0, 7.0
)

// held returns when the engine sends what is ready at an instant.
func held(at float64) float64 {
	if at >= stallFrom && at < stallUntil {
		return stallUntil
	}
	return at
}

// answer returns when the first and the last token of a request arrive. A request sent
// during the stall is started after it.
func answer(sent float64) (first, last float64) {
	begun := held(sent)
	first = held(begun + toFirst)
	for k := range 5 {
		last = held(begun + toFirst + float64(k)*(toLast-toFirst)/4)
	}
	return first, last
}

// stalledRows runs a plan against the stalling engine.
func stalledRows(t *testing.T, newPlan func(control workload.Control, request func(user int) *workload.Request) plan) []record.Row {
	t.Helper()
	s := &steady{}
	w := s.workload()
	w.Stages = func(bool) []workload.Stage {
		return []workload.Stage{{Name: "measured", For: s.common.Time, Plan: func(control workload.Control) plan {
			return newPlan(control, func(user int) *workload.Request {
				return &workload.Request{User: user, Question: 1,
					Payload: s.common.Request([]chat.Message{{Role: chat.User, Content: chat.Text{"x"}}}, strconv.Itoa(user), 5)}
			})
		}}}
	}
	b := Harness{Workload: w, Args: strings.Fields("--time 12 sim http://engine:30080 key suite 0 spec.yaml session 1")}
	b.Handler = stalling(healthy(simengine.Config{BaseTTFT: 50 * time.Millisecond, ITL: 10 * time.Millisecond}), 5*time.Second, 2*time.Second)
	out := b.Run(t)
	var rows []record.Row
	for row, err := range record.Read(strings.NewReader(out.Read(t, "4-latest-results/key_steady_output_1.csv"))) {
		if err != nil || !row.OK() {
			t.Fatalf("%v %s", err, row.Error)
		}
		rows = append(rows, row)
	}
	return rows
}

// near reports whether two times are equal within the resolution of epoch seconds in
// a float64.
func near(a, b float64) bool { return math.Abs(a-b) < 2e-6 }

// first returns the earliest scheduled time.
func first(rows []record.Row) float64 {
	at := math.Inf(1)
	for _, row := range rows {
		at = min(at, row.ScheduledTime)
	}
	return at
}

// In an open loop requests leave on time. Those sent during the stall are answered
// after it.
func TestStallInAnOpenLoop(t *testing.T) {
	rows := stalledRows(t, func(control workload.Control, request func(int) *workload.Request) plan {
		return &workload.OpenLoop{Arrivals: schedule.Constant(10, 0), Final: control.Final, Item: func(i int, due time.Duration) *workload.Request {
			turn := request(i)
			turn.Due = due
			return turn
		}}
	})
	start := first(rows)
	for _, row := range rows {
		sent := row.ScheduledTime - start
		if row.LaunchTime != row.ScheduledTime {
			t.Errorf("due at %.3f s, sent %.6f s late", sent, row.LaunchTime-row.ScheduledTime)
		}
		if token, _ := answer(sent); !near(row.LaunchTime+*row.TTFT-row.ScheduledTime, token-sent) {
			t.Errorf("due at %.3f s: TTFT from then %.6f s, want %.6f s", sent, row.LaunchTime+*row.TTFT-row.ScheduledTime, token-sent)
		}
	}
	if len(rows) != 120 {
		t.Errorf("%d rows, want 120", len(rows))
	}
}

// oneAtATime plans ten requests per second but sends each only after the response to
// the previous one.
type oneAtATime struct {
	due     schedule.Arrivals
	request func(int) *workload.Request
	final   func(*workload.Request)
	sent    int
	busy    bool
}

func (o *oneAtATime) Next() (time.Duration, bool) {
	due, ok := o.due.Due(o.sent)
	return due, ok && !o.busy
}

func (o *oneAtATime) Start() *workload.Request {
	turn := o.request(o.sent)
	turn.Due, _ = o.due.Due(o.sent)
	o.sent++
	o.busy = true
	return turn
}

func (o *oneAtATime) Done(turn *workload.Request) {
	o.busy = false
	o.final(turn)
}

// Where requests wait for one another only one falls into the pause: the rest
// have their usual TTFT from the launch. From the instant they were due it shows
// the queue: 2 s, and 10 ms less with each, since answers take 90 ms and come
// due every 100 ms.
func TestStallWhereRequestsWaitForOneAnother(t *testing.T) {
	rows := stalledRows(t, func(control workload.Control, request func(int) *workload.Request) plan {
		return &oneAtATime{due: schedule.Constant(10, 0), request: request, final: control.Final}
	})
	start, slow, free := first(rows), 0, 0.0
	for _, row := range rows { // in order of sending
		due := row.ScheduledTime - start
		sent := max(due, free)
		token, end := answer(sent)
		free = end
		if got := row.LaunchTime + *row.TTFT - row.ScheduledTime; !near(got, token-due) {
			t.Errorf("due at %.3f s: TTFT from then %.6f s, want %.6f s", due, got, token-due)
		}
		if *row.TTFT > toFirst+1e-9 {
			slow++
		}
		if row.Backlog > 0 && !near(row.Backlog, sent-due) {
			t.Errorf("due at %.3f s: backlog %.6f s, want %.6f s", due, row.Backlog, sent-due)
		}
	}
	if slow != 1 {
		t.Errorf("%d requests have a slow TTFT from their launch, want 1", slow)
	}
}

// Users of a closed loop send on time too, since their next turn becomes due with the
// response. The delay is reported as carried over and stays with the user.
func TestStallInAClosedLoop(t *testing.T) {
	const users, gap = 5, 1.0
	rows := stalledRows(t, func(control workload.Control, request func(int) *workload.Request) plan {
		config := closedloop.Config{Rounds: 100, Gap: time.Second, Final: control.Final}
		for i := range users {
			config.Slots = append(config.Slots, closedloop.Slot{Due: time.Duration(i) * 200 * time.Millisecond})
		}
		config.NewConversation = func(user, _ int) closedloop.Conversation {
			return closedloop.NewPrefetcher(0, 100, func(int) openai.Request { return request(user).Payload })
		}
		return closedloop.New(config)
	})
	start := first(rows)
	next, inherited := map[int]float64{}, map[int]float64{} // of each user's next question
	lost := 0
	for _, row := range rows {
		due := row.ScheduledTime - start
		if want, known := next[row.UserID]; known && !near(due, want) {
			t.Errorf("user %d: due at %.6f s, want %.6f s", row.UserID, due, want)
		}
		if !near(row.CarriedOver, inherited[row.UserID]) {
			t.Errorf("user %d, due at %.3f s: inherited %.6f s, want %.6f s", row.UserID, due, row.CarriedOver, inherited[row.UserID])
		}
		if row.LaunchTime != row.ScheduledTime {
			t.Errorf("user %d: sent %.6f s late", row.UserID, row.LaunchTime-row.ScheduledTime)
		}
		_, end := answer(due)
		next[row.UserID] = max(due+gap, end)
		inherited[row.UserID] += next[row.UserID] - (due + gap)
		if row.CarriedOver > 0 {
			lost++
		}
	}
	if lost == 0 {
		t.Error("no turn carried a delay over")
	}
}
