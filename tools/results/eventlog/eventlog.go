// Package eventlog is the append-only log of one measured point: every request
// as it was started and as it ended, with each chunk's arrival.
//
// A file is a line that names the format, then frames:
//
//	length of the payload (uvarint), kind (1 byte), payload, CRC-32C of kind and payload (4 bytes, little endian)
//
// The first frame is the header. Frames are only ever appended, so a process
// that is killed leaves a file that is sound up to its last whole frame. A frame
// may lean on those before it: a text is written once, stamps as differences.
package eventlog

import (
	"time"

	"github.com/LMCache/LMBench/tools/results/record"
	"github.com/LMCache/LMBench/tools/results/runfile"
)

// Ending is what the names of logs end in, where CSVs end in .csv.
const Ending = ".events"

// format is the first line of a file.
const format = "LMBench events 1\n"

// Header is what is known before the first request.
type Header struct {
	Workload string
	Start    time.Time     // offsets count from it
	Layout   record.Layout // of the CSV
	Pairs    []string      // KEY=VALUE, as the summarizer takes them
	Identity []string      // what a point must have in common with another to be the same, its secrets left out
}

// Event is one frame after the header: Started, Unlisted, *Request, Sample, End
// or Result.
type Event interface{ kind() kind }

type kind byte

// The kinds of frames. Their numbers are in files: never change one.
const (
	headerKind   kind = 'h'
	startedKind  kind = 's'
	unlistedKind kind = 'u'
	requestKind  kind = 'r'
	sampleKind   kind = 'm'
	endKind      kind = 'e'
	resultKind   kind = 'j'
)

// Started is a request that was handed to the client.
type Started struct {
	User, Question int           // as in the row's user_id and question_number
	Due, At        time.Duration // when it was to start and when it did
}

// Unlisted is a request that ended and has no row: the workload keeps it out of
// the CSV.
type Unlisted struct{ User, Question int }

// Request is a request that ended.
type Request struct {
	Row record.Row

	// Arrivals are those of the chunks with text, since the launch. A log keeps
	// whole microseconds of the gaps between them: those of the row if it has
	// any, which a failed one has not.
	Arrivals []time.Duration
	// Tokens are how many each chunk has; nil, or 0 for a chunk: not known.
	Tokens []int
}

// Sample is what an engine said of itself at an instant.
type Sample struct {
	At     time.Duration
	Values []Value
}

// Value is one figure of a sample.
type Value struct {
	Name   string
	Number float64
}

// End is the last of the point's load: no request is under way any more. What is
// found out later comes with another, which takes the place of the one before.
type End struct {
	Pairs []string // what the point was measured with; they replace the header's
	// Run is what the run knows beyond the rows. Logs of versions before it have
	// that among the pairs.
	Run *runfile.Run `json:",omitempty"`
	Of  string       `json:",omitempty"` // the CSV that it is made of, relative to LMBench's root, where that is not the rows'
	// Metrics is the text of Of without its longest lines, which list what the
	// requests say too. Empty: there is no Of, or the log is of a time before this.
	Metrics string `json:",omitempty"`
}

// Known returns what the run knows beyond the rows, also of an older version's log.
func (e *End) Known() runfile.Run {
	if e.Run != nil {
		return *e.Run
	}
	return runfile.FromPairs(e.Pairs)
}

// Result is the file that was made of the point.
type Result struct {
	Path string // relative to LMBench's root
}

func (Started) kind() kind  { return startedKind }
func (Unlisted) kind() kind { return unlistedKind }
func (*Request) kind() kind { return requestKind }
func (Sample) kind() kind   { return sampleKind }
func (End) kind() kind      { return endKind }
func (Result) kind() kind   { return resultKind }
