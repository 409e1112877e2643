package main

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/LMCache/LMBench/tools/data/chat"
	"github.com/LMCache/LMBench/tools/data/sharegpt"
	"github.com/LMCache/LMBench/tools/load/workload"
)

// talks are the conversations of a stage.
type talks struct {
	*shareGPT
	items []sharegpt.Request
	delta bool
	of    map[int]*talk
}

// talk is one conversation under way.
type talk struct {
	history []chat.Message
	asked   chat.Message // delta: the question under way
	rounds  int          // that were sent
}

// mostHistory is how many messages the original keeps, the system's apart.
const mostHistory = 32

// key is the conversation of item i. The engine sees it as the user.
func (t *talks) key(i int) int {
	if id := t.items[i].Conversation; id != nil {
		return *id
	}
	return i
}

// turn makes item i's request. Those of a conversation are made in order.
func (t *talks) turn(i int, due time.Duration) *workload.Request {
	item, key := &t.items[i], t.key(i)
	talk := t.of[key]
	if talk == nil {
		talk = t.begin(item)
		t.of[key] = talk
	}
	talk.rounds++
	var messages []chat.Message
	if t.delta {
		turns := t.data.turns[key]
		messages = talk.ask(turns[question(turns, item.Round)].Value)
	} else {
		messages = talk.hear(item.Input)
	}
	// An engine refuses to answer with nothing, which some of the dataset's do.
	length := max(1, min(t.maxAnswer, answerLen(item)))
	user := key + t.common.InitUserID
	return &workload.Request{
		User: user, Question: cmp.Or(item.Round, talk.rounds), Answer: talk.rounds, Due: due,
		Payload: t.common.Request(messages, strconv.Itoa(user), length),
	}
}

// begin is a conversation before its first round.
func (t *talks) begin(item *sharegpt.Request) *talk {
	talk := &talk{history: []chat.Message{{Role: chat.System, Content: chat.Text{"You are a helpful assistant."}}}}
	if !t.delta {
		return talk
	}
	turns := t.data.turns[*item.Conversation]
	for _, turn := range turns[:question(turns, item.Round)] {
		role := chat.Assistant
		if turn.Human() {
			role = chat.User
		}
		talk.history = append(talk.history, chat.Message{Role: role, Content: chat.Text{turn.Value}})
	}
	return talk
}

// hear adds an input, which holds all that was said before it, to the inputs
// before: the original's history. It returns all messages to send.
func (t *talk) hear(input string) []chat.Message {
	t.history = append(slices.Clip(t.history), chat.Message{Role: chat.User, Content: chat.Text{input}})
	if len(t.history) > 1+mostHistory {
		t.history = slices.Concat(t.history[:1], t.history[len(t.history)-mostHistory:])
	}
	return t.history
}

// ask is a question after all that was said.
func (t *talk) ask(question string) []chat.Message {
	t.asked = chat.Message{Role: chat.User, Content: chat.Text{question}}
	return append(slices.Clip(t.history), t.asked)
}

// answered stores the question asked last with its answer. A question that
// failed is not heard of again.
func (t *talk) answered(answer string) {
	t.history = append(t.history, t.asked, chat.Message{Role: chat.Assistant, Content: chat.Text{answer}})
}

// answerLen is the tokens of the dataset's answer.
func answerLen(item *sharegpt.Request) int {
	if item.OutputLength == nil {
		return 128 // as in the original
	}
	return *item.OutputLength
}
