package closedloop

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/LMCache/LMBench/tools/engine/openai"
	"github.com/LMCache/LMBench/tools/load/workload"
)

const s = time.Second

// simulate returns the first requests of a population as "user.question@due", if
// answers take as long as takes says.
func simulate(config Config, requests int, takes func(request *workload.Request) time.Duration) []string {
	users := New(config)
	var started []string
	var underWay []*workload.Request // by end
	for {
		due, ok := users.Next()
		if len(underWay) > 0 && (!ok || underWay[0].Ended < due) {
			users.Done(underWay[0])
			underWay = underWay[1:]
			continue
		}
		if !ok || len(started) == requests {
			return started
		}
		request := users.Start()
		request.Ended = request.Due + takes(request)
		i := 0
		for i < len(underWay) && underWay[i].Ended <= request.Ended {
			i++
		}
		underWay = append(underWay[:i], append([]*workload.Request{request}, underWay[i:]...)...)
		started = append(started, fmt.Sprintf("%d.%d@%v", request.User, request.Question, request.Due))
	}
}

func always(d time.Duration) func(*workload.Request) time.Duration {
	return func(*workload.Request) time.Duration { return d }
}

func TestPopulation(t *testing.T) {
	tests := []struct {
		why    string
		config Config
		takes  func(*workload.Request) time.Duration
		want   []string
	}{
		{"a question is due a gap after the one before was due, however long its answer took",
			Config{Rounds: 3, Gap: 10 * s, FirstID: 1, Arrivals: Arrivals{Slots: []Slot{{0, 0}}, ArrivalGap: 100 * s, FirstArrival: 100 * s}}, always(4 * s),
			[]string{"1.1@0s", "1.2@10s", "1.3@20s", "2.1@1m40s"}},
		{"a question whose previous answer is late is due when that arrives, and the next counts from then",
			Config{Rounds: 3, Gap: 10 * s, FirstID: 1, Arrivals: Arrivals{Slots: []Slot{{0, 0}}, ArrivalGap: 100 * s, FirstArrival: 100 * s}},
			func(request *workload.Request) time.Duration {
				if request.Question == 1 {
					return 13 * s
				}
				return s
			},
			[]string{"1.1@0s", "1.2@13s", "1.3@23s", "2.1@1m40s"}},
		{"users at the start continue where they were",
			Config{Rounds: 2, Gap: 10 * s, FirstID: 5, Arrivals: Arrivals{Slots: []Slot{{1, 3 * s}, {1, 7 * s}}, ArrivalGap: 4 * s, FirstArrival: 4 * s}}, always(s),
			[]string{"5.2@3s", "7.1@4s", "6.2@7s", "8.1@8s"}},
		{"a user arrives a gap after the last arrival if a slot is free by then, else when one is",
			Config{Rounds: 1, Gap: 10 * s, FirstID: 1, Arrivals: Arrivals{Slots: []Slot{{0, 0}, {0, 0}}, ArrivalGap: 3 * s, FirstArrival: 3 * s}}, always(5 * s),
			[]string{"1.1@0s", "2.1@0s", "3.1@5s", "4.1@8s", "5.1@11s"}},
		{"slots that are free at the start are taken one by one",
			Config{Rounds: 1, Gap: 0, FirstID: 1, Arrivals: Arrivals{Slots: []Slot{{1, 0}, {1, 0}, {1, 0}}, ArrivalGap: 3 * s, FirstArrival: 3 * s}}, always(100 * s),
			[]string{"1.1@3s", "2.1@6s", "3.1@9s"}},
		{"with a slot time the next user arrives that long after the one before, or when that one is done",
			Config{Rounds: 2, Gap: 10 * s, FirstID: 1, Arrivals: Arrivals{Slots: []Slot{{1, 5 * s}}, SlotTime: 20 * s}},
			func(request *workload.Request) time.Duration {
				if request.User == 2 {
					return 30 * s
				}
				return s
			},
			[]string{"1.2@5s", "2.1@15s", "2.2@45s", "3.1@1m15s", "3.2@1m25s", "4.1@1m35s"}},
		{"an open population grows however slow the answers are",
			Config{Rounds: 2, Gap: 10 * s, FirstID: 1, Arrivals: Arrivals{ArrivalGap: 4 * s, Open: true}}, always(100 * s),
			[]string{"1.1@0s", "2.1@4s", "3.1@8s", "4.1@12s", "5.1@16s"}},
		{"an open population of two users ends",
			Config{Rounds: 1, Gap: s, FirstID: 1, Arrivals: Arrivals{ArrivalGap: 4 * s, Open: true, TotalUsers: 2}}, always(s),
			[]string{"1.1@0s", "2.1@4s"}},
		{"two users share a slot",
			Config{Rounds: 1, Gap: s, FirstID: 1, Arrivals: Arrivals{Slots: []Slot{{1, 0}}, ArrivalGap: 4 * s, TotalUsers: 2}}, always(9 * s),
			[]string{"1.1@0s", "2.1@9s"}},
		{"users may ask different numbers of questions",
			Config{RoundsOf: func(user int) int { return user }, Rounds: 1, Gap: 2 * s, FirstID: 1, Arrivals: Arrivals{ArrivalGap: 9 * s, Open: true, TotalUsers: 2}}, always(s),
			[]string{"1.1@0s", "2.1@9s", "2.2@11s"}},
		{"overlapping questions keep their times however slow the answers are",
			Config{Rounds: 3, Gap: 10 * s, FirstID: 1, Overlap: true, Arrivals: Arrivals{Slots: []Slot{{0, 0}}, ArrivalGap: s}}, always(25 * s),
			[]string{"1.1@0s", "1.2@10s", "1.3@20s", "2.1@45s"}},
		{"without arrivals the population dies out",
			Config{Rounds: 2, Gap: 10 * s, FirstID: 1, Arrivals: Arrivals{Slots: []Slot{{1, 5 * s}, {0, 6 * s}}, ArrivalGap: s, NoArrivals: true}}, always(s),
			[]string{"1.2@5s", "2.1@6s", "2.2@16s"}},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			got := simulate(test.config, len(test.want), test.takes)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// recorded is a conversation that records the answers it gets.
type recorded struct{ log *[]string }

func (r recorded) NextRequest(k int) openai.Request { return openai.Request{MaxTokens: k} }
func (r recorded) OnResponse(answer string)         { *r.log = append(*r.log, answer) }

func TestPopulationCallsConversationsAndFinal(t *testing.T) {
	var log, final []string
	users := New(Config{Rounds: 4, Gap: s, FirstID: 3, Arrivals: Arrivals{Slots: []Slot{{1, s}}, ArrivalGap: s},
		NewConversation: func(user, asked int) Conversation {
			log = append(log, fmt.Sprintf("user %d asked %d", user, asked))
			return recorded{&log}
		},
		Final: func(request *workload.Request) {
			final = append(final, fmt.Sprintf("question %d answer %d simulated %v", request.Question, request.Answer, request.SimulatedHistory))
		},
	})
	for _, err := range []error{errors.New("lost"), nil, nil} {
		request := users.Start()
		request.Err, request.Ended = err, request.Due
		request.Reply.Text = fmt.Sprintf("answer to %d", request.Payload.MaxTokens)
		users.Done(request)
	}
	if diff := cmp.Diff([]string{"user 3 asked 1", "answer to 3", "answer to 4"}, log); diff != "" {
		t.Errorf("conversation (-want +got)\n%s", diff)
	}
	want := []string{"question 2 answer 1 simulated true", "question 3 answer 1 simulated true", "question 4 answer 2 simulated false"}
	if diff := cmp.Diff(want, final); diff != "" {
		t.Errorf("final (-want +got)\n%s", diff)
	}
}

func TestEndOnFailure(t *testing.T) {
	var left []int
	users := New(Config{Rounds: 3, Gap: s, FirstID: 1, EndOnFailure: true, OnLeave: func(user int) { left = append(left, user) },
		Arrivals: Arrivals{Slots: []Slot{{0, 0}}, ArrivalGap: 5 * s, FirstArrival: 5 * s}})
	request := users.Start()
	request.Err = errors.New("lost")
	users.Done(request)
	if next := users.Start(); next.User != 2 || next.Due != 5*s {
		t.Errorf("user %d at %v follows, want user 2 at 5 s", next.User, next.Due)
	}
	if diff := cmp.Diff([]int{1}, left); diff != "" {
		t.Errorf("left (-want +got)\n%s", diff)
	}
}

func TestOffered(t *testing.T) {
	config := Config{Rounds: 3, Gap: 2 * s, FirstID: 1, Arrivals: Arrivals{Slots: []Slot{{1, 2 * s}}, ArrivalGap: 3 * s, FirstArrival: 3 * s}}
	// Questions at 2 and 4, then a new user at 4, 6, 8, another at 8, 10, 12.
	type offered struct{ questions, lastID int }
	for until, want := range map[time.Duration]offered{2 * s: {0, 1}, 3 * s: {1, 1}, 5 * s: {3, 2}, 9 * s: {6, 3}, 13 * s: {9, 4}} {
		if questions, lastID := Offered(config, until); questions != want.questions || lastID != want.lastID {
			t.Errorf("before %v %d questions, last id %d, want %+v", until, questions, lastID, want)
		}
	}
}

// A user asks every 10 s. Its second answer takes 25 s, so all later questions are
// due 15 s behind their ideal times.
func TestCarriedOver(t *testing.T) {
	users := New(Config{Rounds: 4, Gap: 10 * s, Arrivals: Arrivals{Slots: []Slot{{0, 3 * s}}, NoArrivals: true}})
	var got []string
	for _, takes := range []time.Duration{2 * s, 25 * s, s, s} {
		request := users.Start()
		got = append(got, fmt.Sprintf("due %v carried %v", request.Due, request.CarriedOver))
		request.Ended = request.Due + takes
		users.Done(request)
	}
	want := []string{"due 3s carried 0s", "due 13s carried 0s", "due 38s carried 15s", "due 48s carried 15s"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
