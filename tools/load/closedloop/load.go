package closedloop

import (
	"fmt"
	"time"
)

// A Load describes concurrent users: Users at a time ask Rounds questions each, together
// QPS questions per second.
type Load struct {
	Users, Rounds int
	QPS           float64
}

// Gap returns the seconds between two questions of a user.
func (l Load) Gap() float64 { return float64(l.Users) / l.QPS }

// Life returns the seconds from a user's first question to its last.
func (l Load) Life() float64 { return l.Gap() * float64(l.Rounds-1) }

// NoteLength returns a note if a run is too short for a user to ask all questions. A run
// of 0 is unlimited.
func (l Load) NoteLength(run time.Duration) []string {
	if run == 0 || l.Life() <= run.Seconds() {
		return nil
	}
	return []string{fmt.Sprintf("a conversation takes %.0f s and the run %.0f s: no user will ask all %d questions",
		l.Life(), run.Seconds(), l.Rounds)}
}

// NoteSteps returns a note if users who arrived one Life/Users after the other
// ask at the same instants.
func (l Load) NoteSteps() []string {
	simultaneous := greatestDivisor(l.Rounds-1, l.Users)
	if l.Rounds == 1 || simultaneous == 1 {
		return nil
	}
	return []string{fmt.Sprintf("%d users ask at the same instant, since NUM_ROUNDS-1 = %d and NUM_USERS = %d have this divisor",
		simultaneous, l.Rounds-1, l.Users)}
}

// greatestDivisor returns the greatest common divisor.
func greatestDivisor(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
