// Package trace is request traces: formats, clock units, windows, block structure.
//
// A trace says of each request when it came, how many tokens its prompt and its
// answer had and, in some formats, by what blocks its prompt began: blocks with
// the same hash id held the same tokens.
//
//	format       a line                                                        time
//	jsonl        {"timestamp":27,"input_length":6758,"output_length":500,      any unit, number or text
//	             "hash_ids":[0,14]} as of Mooncake, GMI and Alibaba's Bailian
//	azure        TIMESTAMP,ContextTokens,GeneratedTokens                       a date
//	burstgpt     Timestamp,…,Request tokens,Response tokens,…                  seconds
package trace

import (
	"fmt"
	"time"
)

// Trace is a file's requests in the order of their times; those of one instant
// in the order of their lines.
type Trace struct {
	Format   Format
	Unit     Unit
	Guessed  string        // why Unit was taken; empty if it was given or is the format's
	Epoch    time.Duration // of the earliest request since 1970; 0 if the trace does not say
	Requests []Request
	Sorted   bool    // the lines were in order
	Faults   []Fault // lines without a request, at most MaxFaults
	Faulty   int     // how many there are
}

// MaxFaults is how many faults a trace keeps.
const MaxFaults = 1000

// Request is one line.
type Request struct {
	Line   int           // from 1
	At     time.Duration // since the earliest request
	Input  int           // tokens of the prompt
	Output int           // tokens of the answer
	Blocks []int64       // hash ids of the prompt's blocks; none: not known
	Chat   int64         // chat_id + 1, in traces that number the turns of conversations; else 0
	Parent int64         // the Chat of the turn before; else 0
}

// Fault is a line that is no request.
type Fault struct {
	Name string // of the file
	Line int
	Err  error
}

func (f Fault) Error() string { return fmt.Sprintf("%s:%d: %v", f.Name, f.Line, f.Err) }

// Unwrap is the reason.
func (f Fault) Unwrap() error { return f.Err }

// Span is from the first request to the last.
func (t *Trace) Span() time.Duration {
	if len(t.Requests) == 0 {
		return 0
	}
	return t.Requests[len(t.Requests)-1].At
}

// Hashed tells whether any request says by what blocks its prompt began.
func (t *Trace) Hashed() bool {
	for i := range t.Requests {
		if len(t.Requests[i].Blocks) > 0 {
			return true
		}
	}
	return false
}
