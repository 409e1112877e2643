package closedloop

import (
	"fmt"
	"time"
)

// Load is how many users ask how often, as a closed loop is given it: Users at
// a time ask Rounds questions each, QPS a second in all.
type Load struct {
	Users, Rounds int
	QPS           float64
}

// Gap is the seconds between two questions of a user.
func (l Load) Gap() float64 { return float64(l.Users) / l.QPS }

// Life is the seconds from a user's first question to its last.
func (l Load) Life() float64 { return l.Gap() * float64(l.Rounds-1) }

// NoteLength tells a person when no user will ask all questions in a run so
// long; 0: without end.
func (l Load) NoteLength(runs time.Duration) []string {
	if runs == 0 || l.Life() <= runs.Seconds() {
		return nil
	}
	return []string{fmt.Sprintf("a conversation takes %.0f s and the run %.0f s: no user will ask all %d questions",
		l.Life(), runs.Seconds(), l.Rounds)}
}

// NoteSteps tells a person when users who came one Life/Users after the other
// will ask at the same instants.
func (l Load) NoteSteps() []string {
	together := divisor(l.Rounds-1, l.Users)
	if l.Rounds == 1 || together == 1 {
		return nil
	}
	return []string{fmt.Sprintf("%d users ask at the same instant, since NUM_ROUNDS-1 = %d and NUM_USERS = %d have this divisor",
		together, l.Rounds-1, l.Users)}
}

// divisor is the greatest that both have.
func divisor(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
