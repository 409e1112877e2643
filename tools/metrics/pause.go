package metrics

import (
	"math"

	"github.com/LMCache/LMBench/tools/record"
)

const (
	slot      = 0.01            // s; how finely silence is looked for
	slotsPast = 1 << 16         // slots before the first row's launch: rows come as they finish
	mostSlots = 24 * 3600 * 100 // a day
)

// silence notes when anything arrived from the engine, and how many answers
// were under way.
type silence struct {
	from    float64 // epoch s of slot 0
	arrived []bool
	change  []int32 // of the answers that had begun and not ended
}

// Pause is the longest time in which the engine, with answers under way, sent
// nothing to any.
type Pause struct {
	Seconds float64 // 0: there is none
	From    float64 // epoch s
	Streams int     // answers that were under way all the time
}

// add takes an answer in that came in pieces.
func (s *silence) add(row *record.Row) {
	if len(row.Gaps) == 0 || row.TTFT == nil {
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
	last := int((at - s.from) / slot)
	if 0 <= first && last < len(s.change) {
		s.change[first]++
		s.change[last]--
	}
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
	}
	s.arrived[i] = true
	return i
}

// longest is the longest silence with at least so many answers under way.
func (s *silence) longest(streams int) (p Pause) {
	underWay, least, begun := 0, 0, 0
	for i, change := range s.change {
		underWay += int(change)
		if s.arrived[i] {
			begun, least = i+1, underWay
			continue
		}
		least = min(least, underWay)
		if silent := float64(i+1-begun) * slot; least >= streams && silent > p.Seconds {
			p = Pause{Seconds: silent, From: s.from + float64(begun)*slot, Streams: least}
		}
	}
	return p
}
