package calibrate

import "time"

const (
	maxStreams = 2000
	maxRate    = 50_000                 // chunks per second of all streams
	maxGap     = 100 * time.Millisecond // slower streams give too few samples
	minGap     = time.Millisecond

	// There should be minAnswers answers over all streams, but at most maxRounds per
	// stream: more would shorten answers until they contain few gaps between chunks,
	// and fewer would give few samples of TTFT.
	minAnswers = 200
	maxRounds  = 32
)

// A shape is the load of a calibration.
type shape struct {
	streams, chunks int
	gap             time.Duration
	rounds          int // answers per stream
}

// shape returns a load with the streams and the chunk rate of l, within limits, and with
// answers that are short enough for enough of them. It leaves a fifth of the time for
// delays.
func (l Load) shape() shape {
	s := shape{streams: min(max(l.Streams, 1), maxStreams), gap: min(max(l.Gap, minGap), maxGap)}
	s.gap = max(s.gap, time.Duration(s.streams)*time.Second/maxRate)
	usable := l.Within / 5 * 4
	rounds := min(maxRounds, max(2, minAnswers/s.streams))
	answerTime := 2 * usable / time.Duration(2*rounds+1) // streams start within half an answer
	s.chunks = max(2, min(l.Chunks, int(answerTime/s.gap)))
	s.rounds = max(1, int((2*usable/s.answerTime()-1)/2))
	return s
}

// answerTime returns how long an answer takes.
func (s shape) answerTime() time.Duration { return s.gap * time.Duration(s.chunks) }
