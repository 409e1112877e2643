package metrics

import (
	"math"

	"github.com/LMCache/LMBench/tools/results/record"
)

const (
	slot         = 0.01 // s; resolution at which stalls are found
	slotsASecond = 100
	slotsPast    = 1 << 16         // slots before the first row's launch: rows come in the order of their ends
	mostSlots    = 24 * 3600 * 100 // a day
)

// stalls records when something arrived from the engine, and how many streams were in
// flight.
type stalls struct {
	from    float64 // slot 0, in seconds since 1970
	arrived []bool
	change  []int32 // of the number of streams past their first token
	asked   []int32 // of the number of requests from their launch on, without those with long prompts

	prompts, tokens float64 // of rows with a count
}

// Stall is the longest time in which the engine sent nothing to any of several streams in
// flight.
type Stall struct {
	Seconds float64 // 0: there was no stall
	From    float64 // in seconds since 1970
	Streams int     // in flight all the time; for Diagnostics.RequestStall, requests in flight a second before its end
}

// add adds an answer. One that arrived in one piece says nothing about the time before.
func (s *stalls) add(row *record.Row) {
	if row.TTFT == nil {
		return
	}
	at := row.LaunchTime + *row.TTFT
	if s.from == 0 {
		s.from = math.Floor(row.LaunchTime) - slotsPast*slot
	}
	first := s.mark(at)
	for _, gap := range row.Gaps {
		at += gap.Seconds()
		s.mark(at)
	}
	last, long := int((at-s.from)/slot), s.long(row.PromptTokens)
	if launch := int((row.LaunchTime - s.from) / slot); len(row.Gaps) > 0 && !long && 0 <= launch && last < len(s.asked) {
		s.asked[launch]++
		s.asked[last]--
	}
	if 0 <= first && last < len(s.change) {
		s.change[first]++
		s.change[last]--
	}
}

// long reports whether a prompt has far more tokens than those before it, so that a late
// first token is to be expected.
func (s *stalls) long(prompt *record.Tokens) bool {
	if prompt == nil {
		return false
	}
	s.prompts++
	s.tokens += *prompt
	return *prompt > 2*s.tokens/s.prompts
}

// mark records an arrival and returns its slot, or -1 if it is out of range.
func (s *stalls) mark(at float64) int {
	i := int((at - s.from) / slot)
	if i < 0 || i >= mostSlots {
		return -1
	}
	for i >= len(s.arrived) {
		s.arrived = append(s.arrived, make([]bool, max(4096, i+1-len(s.arrived)))...)
		s.change = append(s.change, make([]int32, len(s.arrived)-len(s.change))...)
		s.asked = append(s.asked, make([]int32, len(s.arrived)-len(s.asked))...)
	}
	s.arrived[i] = true
	return i
}

// longest returns the longest stall with at least so many streams in flight.
func (s *stalls) longest(streams int) (p Stall) {
	inFlight, least, begun := 0, 0, 0
	for i, change := range s.change {
		inFlight += int(change)
		if s.arrived[i] {
			begun, least = i+1, inFlight
			continue
		}
		least = min(least, inFlight)
		if silent := float64(i+1-begun) * slot; least >= streams && silent > p.Seconds {
			p = Stall{Seconds: silent, From: s.from + float64(begun)*slot, Streams: least}
		}
	}
	return p
}

// wait returns the longest stall in which at least so many requests, before or after their
// first token, were in flight for a second: at a low rate, a pause affects requests that
// arrive during it.
func (s *stalls) wait(requests int) (p Stall) {
	inFlight, begun := 0, 0 // inFlight is as of a second ago
	for i := range s.arrived {
		if i >= slotsASecond {
			inFlight += int(s.asked[i-slotsASecond])
		}
		if s.arrived[i] {
			begun = i + 1
			continue
		}
		silent := i + 1 - begun
		if seconds := float64(silent) * slot; silent > slotsASecond && inFlight >= requests && seconds > p.Seconds {
			p = Stall{Seconds: seconds, From: s.from + float64(begun)*slot, Streams: inFlight}
		}
	}
	return p
}
