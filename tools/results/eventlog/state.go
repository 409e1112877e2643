package eventlog

import (
	"cmp"
	"maps"
	"slices"
)

// State is the state of a point after the events that were added. The zero value is the
// state before the first event.
type State struct {
	Ended  *End    // nil: the load did not end
	Result *Result // nil: there is no result

	inFlight map[turn]Started
}

type turn struct{ user, question int }

// Add adds the next event.
func (s *State) Add(event Event) {
	switch event := event.(type) {
	case Started:
		if s.inFlight == nil {
			s.inFlight = map[turn]Started{}
		}
		s.inFlight[turn{event.User, event.Question}] = event
	case Unrecorded:
		delete(s.inFlight, turn{event.User, event.Question})
	case *Request:
		delete(s.inFlight, turn{event.Row.UserID, event.Row.QuestionNumber})
	case End:
		s.Ended = &event
	case Result:
		s.Result = &event
	}
}

// InFlight returns the requests that started and did not end, the earliest first. Only a
// run that was killed has any.
func (s *State) InFlight() []Started {
	return slices.SortedFunc(maps.Values(s.inFlight), func(a, b Started) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.User, b.User), cmp.Compare(a.Question, b.Question))
	})
}
