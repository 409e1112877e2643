package prompt

import "strings"

// legacyWords are what the original trace replayer fills its prompts with,
// over and over in this order.
const legacyWords = `the a an and or but in on at to for of with by from up about into through during before after
above below user system data process function value result input output information analysis method approach
solution problem question answer response request message content text word sentence document file code program
script algorithm structure database network server client application interface protocol service configuration
parameter variable constant string number array`

// legacyFrames are what it puts around them.
var legacyFrames = [4][2]string{
	{"Please analyze the following data and provide detailed insights: ", ". What are the key patterns and recommendations?"},
	{"Given this information: ", ", please summarize the main points and suggest next steps."},
	{"Review this content: ", ". Identify potential issues and propose solutions."},
	{"Process the following input: ", ". Generate a comprehensive response with analysis."},
}

// LegacyTrace makes the original trace replayer's prompts, byte for byte. They
// depend on a trace's hash ids only by their sum and the first of them.
type LegacyTrace struct {
	cycle  string // all words, each with a space after it, several times
	starts []int  // of each word in it
	once   int    // bytes of all words once
}

// NewLegacyTrace prepares what the prompts share.
func NewLegacyTrace() *LegacyTrace {
	const times = 64
	words := strings.Fields(legacyWords)
	l := new(LegacyTrace)
	for _, word := range words {
		l.starts = append(l.starts, l.once)
		l.once += len(word) + 1
	}
	l.cycle = strings.Repeat(strings.Join(words, " ")+" ", times)
	return l
}

// Prompt is the text for a request of a trace, in pieces.
func (l *LegacyTrace) Prompt(ids []int64, inputLength int) []string {
	first, sum := int64(0), int64(0)
	if len(ids) > 0 {
		first = ids[0]
	}
	for _, id := range ids {
		sum += id
	}
	frame := legacyFrames[modulo(sum, 4)]
	count := int64(len(l.starts))
	at := int(modulo(modulo(first, count)+modulo(sum, count), count))
	pieces := append([]string{frame[0]}, l.words(at, legacyCount(inputLength))...)
	return append(pieces, frame[1])
}

// legacyCount is the least number of words that the original takes for so many
// tokens, 1.3 for each.
func legacyCount(inputLength int) int {
	n := int(float64(inputLength) / 1.3)
	for n > 0 && float64(n-1)*1.3 >= float64(inputLength) {
		n--
	}
	for float64(n)*1.3 < float64(inputLength) {
		n++
	}
	return n
}

// words are n words from the one at a place on, joined by spaces.
func (l *LegacyTrace) words(at, n int) (pieces []string) {
	if n <= 0 {
		return nil
	}
	bytes := l.length(at, n) - 1 // without the last space
	for from := l.starts[at]; bytes > 0; from = 0 {
		piece := l.cycle[from:min(len(l.cycle), from+bytes)]
		pieces = append(pieces, piece)
		bytes -= len(piece)
	}
	return pieces
}

// length is the bytes of n words with their spaces, from the one at a place on.
func (l *LegacyTrace) length(at, n int) int {
	end := at + n
	return end/len(l.starts)*l.once + l.starts[end%len(l.starts)] - l.starts[at]
}

// modulo is Python's: never negative.
func modulo(a, n int64) int64 { return (a%n + n) % n }
