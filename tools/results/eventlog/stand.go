package eventlog

import (
	"cmp"
	"maps"
	"slices"
)

// Stand is where a log leaves its point. The zero value is before the first
// event.
type Stand struct {
	Ended  *End    // nil: the load did not come to its end
	Result *Result // nil: no result was made

	underWay map[turn]Started
}

type turn struct{ user, question int }

// Add takes in the next event.
func (s *Stand) Add(event Event) {
	switch event := event.(type) {
	case Started:
		if s.underWay == nil {
			s.underWay = map[turn]Started{}
		}
		s.underWay[turn{event.User, event.Question}] = event
	case Unlisted:
		delete(s.underWay, turn{event.User, event.Question})
	case *Request:
		delete(s.underWay, turn{event.Row.UserID, event.Row.QuestionNumber})
	case End:
		s.Ended = &event
	case Result:
		s.Result = &event
	}
}

// UnderWay are the requests that were started and did not end, the earliest
// first. Only a point that was killed has any.
func (s *Stand) UnderWay() []Started {
	return slices.SortedFunc(maps.Values(s.underWay), func(a, b Started) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.User, b.User), cmp.Compare(a.Question, b.Question))
	})
}
