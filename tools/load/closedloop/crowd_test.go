package closedloop

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/LMCache/LMBench/tools/engine/openai"
)

const s = time.Second

// simulate runs a crowd's first turns with answers that take so long, and tells
// each as "user.question@due".
func simulate(config Config, turns int, takes func(turn *Turn) time.Duration) []string {
	crowd := New(config)
	var started []string
	var underWay []*Turn // by end
	for {
		due, ok := crowd.Next()
		if len(underWay) > 0 && (!ok || underWay[0].Ended < due) {
			crowd.Done(underWay[0])
			underWay = underWay[1:]
			continue
		}
		if !ok || len(started) == turns {
			return started
		}
		turn := crowd.Start()
		turn.Ended = turn.Due + takes(turn)
		i := 0
		for i < len(underWay) && underWay[i].Ended <= turn.Ended {
			i++
		}
		underWay = append(underWay[:i], append([]*Turn{turn}, underWay[i:]...)...)
		started = append(started, fmt.Sprintf("%d.%d@%v", turn.User, turn.Question, turn.Due))
	}
}

func always(d time.Duration) func(*Turn) time.Duration {
	return func(*Turn) time.Duration { return d }
}

func TestCrowd(t *testing.T) {
	tests := []struct {
		why    string
		config Config
		takes  func(*Turn) time.Duration
		want   []string
	}{
		{"a turn is due a gap after the one before was due, however long it took",
			Config{Rounds: 3, Gap: 10 * s, FirstID: 1, Joins: Joins{Seats: []Seat{{0, 0}}, JoinGap: 100 * s, FirstJoin: 100 * s}}, always(4 * s),
			[]string{"1.1@0s", "1.2@10s", "1.3@20s", "2.1@1m40s"}},
		{"a turn whose answer before is late is due when that is there, and the next counts from then",
			Config{Rounds: 3, Gap: 10 * s, FirstID: 1, Joins: Joins{Seats: []Seat{{0, 0}}, JoinGap: 100 * s, FirstJoin: 100 * s}},
			func(turn *Turn) time.Duration {
				if turn.Question == 1 {
					return 13 * s
				}
				return s
			},
			[]string{"1.1@0s", "1.2@13s", "1.3@23s", "2.1@1m40s"}},
		{"users of the start go on where they were",
			Config{Rounds: 2, Gap: 10 * s, FirstID: 5, Joins: Joins{Seats: []Seat{{1, 3 * s}, {1, 7 * s}}, JoinGap: 4 * s, FirstJoin: 4 * s}}, always(s),
			[]string{"5.2@3s", "7.1@4s", "6.2@7s", "8.1@8s"}},
		{"a user joins a join gap after the last join, if a seat is free by then, else when it is",
			Config{Rounds: 1, Gap: 10 * s, FirstID: 1, Joins: Joins{Seats: []Seat{{0, 0}, {0, 0}}, JoinGap: 3 * s, FirstJoin: 3 * s}}, always(5 * s),
			[]string{"1.1@0s", "2.1@0s", "3.1@5s", "4.1@8s", "5.1@11s"}},
		{"free seats at the start are taken one by one",
			Config{Rounds: 1, Gap: 0, FirstID: 1, Joins: Joins{Seats: []Seat{{1, 0}, {1, 0}, {1, 0}}, JoinGap: 3 * s, FirstJoin: 3 * s}}, always(100 * s),
			[]string{"1.1@3s", "2.1@6s", "3.1@9s"}},
		{"by seat time the next user comes a seat time after the one before came, or when that one is done",
			Config{Rounds: 2, Gap: 10 * s, FirstID: 1, Joins: Joins{Seats: []Seat{{1, 5 * s}}, SeatTime: 20 * s}},
			func(turn *Turn) time.Duration {
				if turn.User == 2 {
					return 30 * s
				}
				return s
			},
			[]string{"1.2@5s", "2.1@15s", "2.2@45s", "3.1@1m15s", "3.2@1m25s", "4.1@1m35s"}},
		{"an open crowd grows however slow the answers are",
			Config{Rounds: 2, Gap: 10 * s, FirstID: 1, Joins: Joins{JoinGap: 4 * s, Open: true}}, always(100 * s),
			[]string{"1.1@0s", "2.1@4s", "3.1@8s", "4.1@12s", "5.1@16s"}},
		{"an open crowd of so many users ends",
			Config{Rounds: 1, Gap: s, FirstID: 1, Joins: Joins{JoinGap: 4 * s, Open: true, Users: 2}}, always(s),
			[]string{"1.1@0s", "2.1@4s"}},
		{"so many users take turns on their seats",
			Config{Rounds: 1, Gap: s, FirstID: 1, Joins: Joins{Seats: []Seat{{1, 0}}, JoinGap: 4 * s, Users: 2}}, always(9 * s),
			[]string{"1.1@0s", "2.1@9s"}},
		{"users may ask different numbers of questions",
			Config{RoundsOf: func(user int) int { return user }, Rounds: 1, Gap: 2 * s, FirstID: 1, Joins: Joins{JoinGap: 9 * s, Open: true, Users: 2}}, always(s),
			[]string{"1.1@0s", "2.1@9s", "2.2@11s"}},
		{"overlapping questions keep their times however slow the answers are",
			Config{Rounds: 3, Gap: 10 * s, FirstID: 1, Overlap: true, Joins: Joins{Seats: []Seat{{0, 0}}, JoinGap: s}}, always(25 * s),
			[]string{"1.1@0s", "1.2@10s", "1.3@20s", "2.1@45s"}},
		{"users who are not replaced leave an empty crowd",
			Config{Rounds: 2, Gap: 10 * s, FirstID: 1, Joins: Joins{Seats: []Seat{{1, 5 * s}, {0, 6 * s}}, JoinGap: s, NoJoins: true}}, always(s),
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

// heard is a conversation that notes what it is told.
type heard struct{ log *[]string }

func (h heard) Ask(k int) openai.Request { return openai.Request{MaxTokens: k} }
func (h heard) Hear(answer string)       { *h.log = append(*h.log, answer) }

func TestCrowdTellsConversationsAndFinal(t *testing.T) {
	var log, final []string
	crowd := New(Config{Rounds: 4, Gap: s, FirstID: 3, Joins: Joins{Seats: []Seat{{1, s}}, JoinGap: s},
		New: func(user, asked int) Conversation {
			log = append(log, fmt.Sprintf("user %d asked %d", user, asked))
			return heard{&log}
		},
		Final: func(turn *Turn) {
			final = append(final, fmt.Sprintf("question %d answer %d simulated %v", turn.Question, turn.Answer, turn.SimulatedHistory))
		},
	})
	for _, err := range []error{errors.New("lost"), nil, nil} {
		turn := crowd.Start()
		turn.Err, turn.Ended = err, turn.Due
		turn.Reply.Text = fmt.Sprintf("answer to %d", turn.Request.MaxTokens)
		crowd.Done(turn)
	}
	if diff := cmp.Diff([]string{"user 3 asked 1", "answer to 3", "answer to 4"}, log); diff != "" {
		t.Errorf("conversation (-want +got)\n%s", diff)
	}
	want := []string{"question 2 answer 1 simulated true", "question 3 answer 1 simulated true", "question 4 answer 2 simulated false"}
	if diff := cmp.Diff(want, final); diff != "" {
		t.Errorf("final (-want +got)\n%s", diff)
	}
}

func TestAUserWhoseQuestionFailsMayLeave(t *testing.T) {
	var left []int
	crowd := New(Config{Rounds: 3, Gap: s, FirstID: 1, EndOnFailure: true, Left: func(user int) { left = append(left, user) },
		Joins: Joins{Seats: []Seat{{0, 0}}, JoinGap: 5 * s, FirstJoin: 5 * s}})
	turn := crowd.Start()
	turn.Err = errors.New("lost")
	crowd.Done(turn)
	if next := crowd.Start(); next.User != 2 || next.Due != 5*s {
		t.Errorf("user %d at %v follows, want user 2 at 5 s", next.User, next.Due)
	}
	if diff := cmp.Diff([]int{1}, left); diff != "" {
		t.Errorf("left (-want +got)\n%s", diff)
	}
}

func TestOffered(t *testing.T) {
	config := Config{Rounds: 3, Gap: 2 * s, FirstID: 1, Joins: Joins{Seats: []Seat{{1, 2 * s}}, JoinGap: 3 * s, FirstJoin: 3 * s}}
	// Questions at 2 and 4, then a new user at 4, 6, 8, another at 8, 10, 12.
	type offered struct{ questions, lastID int }
	for until, want := range map[time.Duration]offered{2 * s: {0, 1}, 3 * s: {1, 1}, 5 * s: {3, 2}, 9 * s: {6, 3}, 13 * s: {9, 4}} {
		if questions, lastID := Offered(config, until); questions != want.questions || lastID != want.lastID {
			t.Errorf("before %v %d questions, last id %d, want %+v", until, questions, lastID, want)
		}
	}
}

// A user asks every 10 s. Its second answer takes 25 s, so the third question is
// due 15 s behind the user's pace; it makes up for nothing.
func TestLatenessIsInherited(t *testing.T) {
	crowd := New(Config{Rounds: 4, Gap: 10 * s, Joins: Joins{Seats: []Seat{{0, 3 * s}}, NoJoins: true}})
	var got []string
	for _, takes := range []time.Duration{2 * s, 25 * s, s, s} {
		turn := crowd.Start()
		got = append(got, fmt.Sprintf("due %v inherited %v", turn.Due, turn.Inherited))
		turn.Ended = turn.Due + takes
		crowd.Done(turn)
	}
	want := []string{"due 3s inherited 0s", "due 13s inherited 0s", "due 38s inherited 15s", "due 48s inherited 15s"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
