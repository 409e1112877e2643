package sharegpt

import (
	"encoding/json"
	"fmt"
	"io"
)

// Item is one request to send: an entry of run.json or warmup.json.
type Item struct {
	Input        string
	OutputLength *int // tokens of the recorded answer; nil: not known
	Conversation *int // nil: the request is a conversation by itself
	Round        int  // 0: not known
}

// noAnswer is the length of an answer that is not in the file.
const noAnswer = 20

// ReadItems reads run.json or warmup.json.
func ReadItems(r io.Reader) ([]Item, error) {
	var raw []struct {
		Input        *string `json:"input"`
		OutputLength *int    `json:"output_length"`
		Conversation *int    `json:"conversation_id"`
		Round        int     `json:"round_num"`
	}
	if err := json.NewDecoder(r).Decode(&raw); err != nil {
		return nil, fmt.Errorf("want a list of requests: %w", whole(err))
	}
	items := make([]Item, len(raw))
	for i, item := range raw {
		if item.Input == nil {
			return nil, fmt.Errorf("entry %d has no input", i+1)
		}
		items[i] = Item{*item.Input, item.OutputLength, item.Conversation, item.Round}
	}
	return items, nil
}

// fields are the members in the order of the original.
func (i *Item) fields() []field {
	fields := []field{{"input", i.Input}, {"output_length", *i.OutputLength}}
	if i.Conversation != nil {
		fields = append(fields, field{"conversation_id", *i.Conversation}, field{"round_num", i.Round})
	}
	return fields
}

// ReadTurns reads turns.json: the turns of each conversation.
func ReadTurns(r io.Reader) (map[int][]Turn, error) {
	var raw []struct {
		Conversation int `json:"conversation_id"`
		Turns        []Turn
	}
	if err := json.NewDecoder(r).Decode(&raw); err != nil {
		return nil, fmt.Errorf("want a list of conversations: %w", whole(err))
	}
	turns := make(map[int][]Turn, len(raw))
	for _, conversation := range raw {
		turns[conversation.Conversation] = conversation.Turns
	}
	return turns, nil
}
