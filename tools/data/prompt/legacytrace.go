package prompt

import "strings"

// legacyWords are the words of the original trace replayer's prompts, which repeat in
// this order.
const legacyWords = `the a an and or but in on at to for of with by from up about into through during before after
above below user system data process function value result input output information analysis method approach
solution problem question answer response request message content text word sentence document file code program
script algorithm structure database network server client application interface protocol service configuration
parameter variable constant string number array`

// legacyFrames are the texts that it puts before and after the words.
var legacyFrames = [4][2]string{
	{"Please analyze the following data and provide detailed insights: ", ". What are the key patterns and recommendations?"},
	{"Given this information: ", ", please summarize the main points and suggest next steps."},
	{"Review this content: ", ". Identify potential issues and propose solutions."},
	{"Process the following input: ", ". Generate a comprehensive response with analysis."},
}

// LegacyTrace makes the original trace replayer's prompts, byte for byte. Of a
// request's hash ids only the first one and the sum of all matter.
type LegacyTrace struct {
	cycle  string // all words, each followed by a space, repeated
	starts []int  // offset of each word in cycle
	once   int    // length in bytes of one repetition
}

// NewLegacyTrace prepares the text that all prompts share.
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

// Prompt returns the text of a trace's request, in pieces.
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

// legacyCount returns the number of words for inputLength tokens: the smallest number
// that, at 1.3 tokens a word, has at least as many.
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

// words returns n words, starting with word number at, joined by spaces.
func (l *LegacyTrace) words(at, n int) (pieces []string) {
	if n <= 0 {
		return nil
	}
	bytes := l.length(at, n) - 1 // without the trailing space
	for from := l.starts[at]; bytes > 0; from = 0 {
		piece := l.cycle[from:min(len(l.cycle), from+bytes)]
		pieces = append(pieces, piece)
		bytes -= len(piece)
	}
	return pieces
}

// length returns the length in bytes of n words and their spaces, starting with word
// number at.
func (l *LegacyTrace) length(at, n int) int {
	end := at + n
	return end/len(l.starts)*l.once + l.starts[end%len(l.starts)] - l.starts[at]
}

// modulo returns a % n as in Python, where it is never negative for n > 0.
func modulo(a, n int64) int64 { return (a%n + n) % n }
