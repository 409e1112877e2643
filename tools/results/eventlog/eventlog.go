// Package eventlog writes and reads the append-only log of one measured point: every request
// as it started and as it ended, with the arrival of each chunk.
//
// A file is a line that names the format, then frames:
//
//	length of the payload (uvarint), kind (1 byte), payload, CRC-32C of kind and payload (4 bytes, little endian)
//
// The first frame is the header. Frames are only appended, so a process that is killed
// leaves a file that is intact up to its last whole frame. A frame may refer to earlier
// ones: a text is written once, instants are written as differences.
package eventlog

import (
	"time"

	"github.com/LMCache/LMBench/tools/results/record"
	"github.com/LMCache/LMBench/tools/results/runfile"
)

// Ending ends the names of logs, where those of CSVs end in .csv.
const Ending = ".events"

// format is the first line of a file.
const format = "LMBench events 1\n"

// Header is what is known before the first request.
type Header struct {
	Workload string
	Start    time.Time     // origin of all offsets
	Layout   record.Layout // of the CSV
	Pairs    []string      // KEY=VALUE, as for the summarizer
	Identity []string      // the pairs that must be equal for --resume to take the point as measured; no secrets
}

// Event is one frame after the header: Started, Unrecorded, *Request, Sample, End
// or Result.
type Event interface{ kind() kind }

type kind byte

// The kinds of frames. Files contain these bytes: never change one.
const (
	headerKind     kind = 'h'
	startedKind    kind = 's'
	unrecordedKind kind = 'u'
	requestKind    kind = 'r'
	sampleKind     kind = 'm'
	endKind        kind = 'e'
	resultKind     kind = 'j'
)

// Started is a request that is handed to the client.
type Started struct {
	User, Question int           // as in the row's user_id and question_number
	Due, At        time.Duration // when it was to start and when it did
}

// Unrecorded is a request that ended and has no row, because the workload keeps it out of
// the CSV.
type Unrecorded struct{ User, Question int }

// Request is a request that ended.
type Request struct {
	Row record.Row

	// Arrivals are the arrivals of chunks with text since the launch. The log has the gaps
	// between them in whole microseconds: the row's gaps, or, for a failed request, whose
	// row has none, those of Arrivals.
	Arrivals []time.Duration
	// Tokens has the number of tokens of each chunk; 0, or a nil slice, is unknown.
	Tokens []int
}

// Sample is what an engine reported about itself at an instant.
type Sample struct {
	At     time.Duration
	Values []Value
}

// Value is one figure of a sample.
type Value struct {
	Name   string
	Number float64
}

// End comes after the last request. What becomes known later is in another End, which
// replaces the one before.
type End struct {
	Pairs []string // what the point was measured with; they replace the header's
	// Run is what the run knows beyond the rows. Logs of versions before it have
	// that among the pairs.
	Run *runfile.Run `json:",omitempty"`
	Of  string       `json:",omitempty"` // the CSV that the result is made of, relative to LMBench's root, if not that of the rows
	// Metrics is the text of Of without its longest lines, which only repeat what the
	// requests say. It is empty without Of, and in logs of older versions.
	Metrics string `json:",omitempty"`
}

// Known returns what the run knows beyond the rows, also of an older version's log.
func (e *End) Known() runfile.Run {
	if e.Run != nil {
		return *e.Run
	}
	return runfile.FromPairs(e.Pairs)
}

// Result is the result of the point.
type Result struct {
	Path string // relative to LMBench's root
}

func (Started) kind() kind    { return startedKind }
func (Unrecorded) kind() kind { return unrecordedKind }
func (*Request) kind() kind   { return requestKind }
func (Sample) kind() kind     { return sampleKind }
func (End) kind() kind        { return endKind }
func (Result) kind() kind     { return resultKind }
