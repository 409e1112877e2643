package closedloop

import "time"

// Offered is how many questions a crowd asks before an offset if every answer
// comes at once: what it offers an engine, whatever the engine then takes; and
// the last id of its users: no slower engine makes more of them come.
func Offered(config Config, until time.Duration) (questions, lastID int) {
	config.New, config.Final = nil, nil
	crowd := New(config)
	for {
		due, ok := crowd.Next()
		if !ok || due >= until {
			return questions, crowd.nextID - 1
		}
		turn := crowd.Start()
		turn.Ended = due
		crowd.Done(turn)
		questions++
	}
}
