package session

import "time"

// Offered is how many questions a crowd asks before an offset if every answer
// comes at once: what it offers an engine, whatever the engine then takes.
func Offered(config Config, until time.Duration) int {
	config.New, config.Final = nil, nil
	crowd := New(config)
	questions := 0
	for {
		due, ok := crowd.Next()
		if !ok || due >= until {
			return questions
		}
		turn := crowd.Start()
		turn.Ended = due
		crowd.Done(turn)
		questions++
	}
}
