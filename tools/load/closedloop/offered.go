package closedloop

import "time"

// Offered returns how many questions a population asks before an offset if every answer
// arrives at once, and the id of its last user. A slower engine gets at most as many
// questions and users.
func Offered(config Config, until time.Duration) (questions, lastID int) {
	config.NewConversation, config.Final = nil, nil
	p := New(config)
	for {
		due, ok := p.Next()
		if !ok || due >= until {
			return questions, p.nextID - 1
		}
		request := p.Start()
		request.Ended = due
		p.Done(request)
		questions++
	}
}
