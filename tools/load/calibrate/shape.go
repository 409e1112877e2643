package calibrate

import "time"

const (
	mostStreams = 2000
	mostRate    = 50_000                 // chunks a second of all streams
	mostGap     = 100 * time.Millisecond // slower ones leave too few samples
	leastGap    = time.Millisecond

	// wanted is how many answers there should be, by any number of streams, and
	// mostRounds of how many a lone stream is content with: more leave no time
	// for the gaps between chunks, fewer tell nothing of the first ones.
	wanted     = 200
	mostRounds = 32
)

// shape is a load that fits into its time.
type shape struct {
	streams, chunks int
	gap             time.Duration
	rounds          int // answers of each stream
}

// shape keeps streams and chunk rate, and cuts answers so that there are enough
// of them. A fifth of the time is left for what comes late.
func (l Load) shape() shape {
	s := shape{streams: min(max(l.Streams, 1), mostStreams), gap: min(max(l.Gap, leastGap), mostGap)}
	s.gap = max(s.gap, time.Duration(s.streams)*time.Second/mostRate)
	usable := l.Within / 5 * 4
	rounds := min(mostRounds, max(2, wanted/s.streams))
	each := 2 * usable / time.Duration(2*rounds+1) // streams begin within half an answer
	s.chunks = max(2, min(l.Chunks, int(each/s.gap)))
	s.rounds = max(1, int((2*usable/s.answer()-1)/2))
	return s
}

// answer is how long one takes.
func (s shape) answer() time.Duration { return s.gap * time.Duration(s.chunks) }
