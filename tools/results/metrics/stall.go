package metrics

import (
	"math"

	"github.com/LMCache/LMBench/tools/results/record"
)

const (
	slot         = 0.01 // s; how finely silence is looked for
	slotsASecond = 100
	slotsPast    = 1 << 16         // slots before the first row's launch: rows come as they finish
	mostSlots    = 24 * 3600 * 100 // a day
)

// silence notes when anything arrived from the engine, and how many answers
// were under way.
type silence struct {
	from    float64 // epoch s of slot 0
	arrived []bool
	change  []int32 // of the answers that had begun and not ended
	asked   []int32 // the same, from their launch on, but for those with long prompts

	prompts, tokens float64 // so far, where the engine counts them
}

// Stall is the longest time in which the engine, with answers under way, sent
// nothing to any.
type Stall struct {
	Seconds float64 // 0: there is none
	From    float64 // epoch s
	Streams int     // answers that were under way all the time; of Proof.Wait requests, a second before its end
}

// add takes an answer in. Of one that came in one piece nothing was expected
// before.
func (s *silence) add(row *record.Row) {
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

// long tells of a prompt, by its tokens, whether it is much longer than those before
// it: nobody wonders that its answer begins late.
func (s *silence) long(prompt *record.Tokens) bool {
	if prompt == nil {
		return false
	}
	s.prompts++
	s.tokens += *prompt
	return *prompt > 2*s.tokens/s.prompts
}

// mark notes an arrival and returns its slot; -1 if there is none for it.
func (s *silence) mark(at float64) int {
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

// longest is the longest silence with at least so many answers under way.
func (s *silence) longest(streams int) (p Stall) {
	underWay, least, begun := 0, 0, 0
	for i, change := range s.change {
		underWay += int(change)
		if s.arrived[i] {
			begun, least = i+1, underWay
			continue
		}
		least = min(least, underWay)
		if silent := float64(i+1-begun) * slot; least >= streams && silent > p.Seconds {
			p = Stall{Seconds: silent, From: s.from + float64(begun)*slot, Streams: least}
		}
	}
	return p
}

// wait is the longest silence in which at least so many requests, begun or not,
// were under way for a second: where few are at a time, a pause is met by those
// that come during it.
func (s *silence) wait(requests int) (p Stall) {
	underWay, begun := 0, 0 // the former a second ago
	for i := range s.arrived {
		if i >= slotsASecond {
			underWay += int(s.asked[i-slotsASecond])
		}
		if s.arrived[i] {
			begun = i + 1
			continue
		}
		silent := i + 1 - begun
		if seconds := float64(silent) * slot; silent > slotsASecond && underWay >= requests && seconds > p.Seconds {
			p = Stall{Seconds: seconds, From: s.from + float64(begun)*slot, Streams: underWay}
		}
	}
	return p
}
