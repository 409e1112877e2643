// Package trace reads, writes, generates and analyses request traces.
//
// A trace records for each request when it arrived, how many tokens its prompt
// and its answer had and, in some formats, the hash ids of the blocks of its
// prompt. Equal hash ids mean equal tokens.
//
//	format       example of a line                                             timestamp
//	jsonl        {"timestamp":27,"input_length":6758,"output_length":500,      any unit, number or string
//	             "hash_ids":[0,14]} as published by Mooncake, GMI and
//	             Alibaba's Bailian
//	azure        TIMESTAMP,ContextTokens,GeneratedTokens                       date
//	burstgpt     Timestamp,…,Request tokens,Response tokens,…                  seconds
package trace

import (
	"fmt"
	"time"
)

// A Trace holds the requests of a file in the order of their times, and in the
// order of their lines where times are equal.
type Trace struct {
	Format       Format
	Unit         Unit
	UnitReason   string        // why Unit was chosen; "" if it was given or is the format's
	Epoch        time.Duration // from 1970 to the earliest request; 0 if the timestamps are offsets
	Requests     []Request
	Sorted       bool          // the file's lines were in order
	Invalid      []InvalidLine // at most MaxInvalid
	InvalidCount int
}

// MaxInvalid is the number of invalid lines that a Trace describes.
const MaxInvalid = 1000

// A Request is one line of a trace.
type Request struct {
	Line   int           // from 1
	At     time.Duration // since the earliest request
	Input  int           // tokens of the prompt
	Output int           // tokens of the answer
	Blocks []int64       // hash ids of the prompt's blocks, if known
	Chat   int64         // chat_id + 1 in traces that number the turns of conversations, else 0
	Parent int64         // Chat of the previous turn, or 0
}

// InvalidLine is the error of a line that is not a valid request.
type InvalidLine struct {
	Name string // of the file
	Line int
	Err  error
}

func (l InvalidLine) Error() string { return fmt.Sprintf("%s:%d: %v", l.Name, l.Line, l.Err) }

// Unwrap returns the error without the line.
func (l InvalidLine) Unwrap() error { return l.Err }

// Span returns the time from the first request to the last.
func (t *Trace) Span() time.Duration {
	if len(t.Requests) == 0 {
		return 0
	}
	return t.Requests[len(t.Requests)-1].At
}

// HasBlocks reports whether any request has hash ids.
func (t *Trace) HasBlocks() bool {
	for i := range t.Requests {
		if len(t.Requests[i].Blocks) > 0 {
			return true
		}
	}
	return false
}
