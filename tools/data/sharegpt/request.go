package sharegpt

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/LMCache/LMBench/tools/data/userfile"
)

// A Request is an element of run.json or warmup.json.
type Request struct {
	Input        string
	OutputLength *int // tokens of the recorded answer; nil if unknown
	Conversation *int // nil if the request is a conversation of its own
	Round        int  // 0 if unknown
}

// defaultLength is the output length, in tokens, if the file has no answer.
const defaultLength = 20

// ReadRequests reads run.json or warmup.json.
func ReadRequests(r io.Reader) ([]Request, error) {
	var raw []struct {
		Input        *string       `json:"input"`
		OutputLength *userfile.Int `json:"output_length"`
		Conversation *userfile.Int `json:"conversation_id"`
		Round        userfile.Int  `json:"round_num"`
	}
	if err := json.NewDecoder(userfile.WithoutMark(r)).Decode(&raw); err != nil {
		return nil, fmt.Errorf("want a list of requests: %w", explainEOF(err))
	}
	requests := make([]Request, len(raw))
	for i, request := range raw {
		if request.Input == nil {
			return nil, fmt.Errorf("request %d has no input", i+1)
		}
		requests[i] = Request{*request.Input, request.OutputLength.Pointer(), request.Conversation.Pointer(), int(request.Round)}
	}
	return requests, nil
}

// object returns the JSON object with LMBench's order of members.
func (r *Request) object() object {
	o := object{{"input", r.Input}, {"output_length", *r.OutputLength}}
	if r.Conversation != nil {
		o = append(o, member{"conversation_id", *r.Conversation}, member{"round_num", r.Round})
	}
	return o
}

// ReadTurns reads turns.json and returns the turns of each conversation.
func ReadTurns(r io.Reader) (map[int][]Turn, error) {
	var raw []struct {
		Conversation userfile.Int `json:"conversation_id"`
		Turns        []Turn
	}
	if err := json.NewDecoder(userfile.WithoutMark(r)).Decode(&raw); err != nil {
		return nil, fmt.Errorf("want a list of conversations: %w", explainEOF(err))
	}
	turns := make(map[int][]Turn, len(raw))
	for _, conversation := range raw {
		turns[int(conversation.Conversation)] = conversation.Turns
	}
	return turns, nil
}
