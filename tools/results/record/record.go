// Package record is one finished request as a row of the benchmark's CSV.
package record

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Row is one request that was sent, whatever became of it. Its csv tags are
// the columns every layout chooses from; an empty cell is a nil pointer.
//
// Times are float seconds: stamps since the Unix epoch, all from one clock
// reading plus monotonic time, so that no step of the wall clock is in them.
type Row struct {
	PromptTokens     *Tokens  `csv:"prompt_tokens,omitempty"`     // as the engine counted them
	GenerationTokens *Tokens  `csv:"generation_tokens,omitempty"` // usage, or chunks where TokensFrom says so
	TTFT             *float64 `csv:"ttft,omitempty"`              // first non-empty text - launch
	GenerationTime   *float64 `csv:"generation_time,omitempty"`   // end of stream - first non-empty text
	UserID           int      `csv:"user_id"`                     // as in x-user-id
	QuestionID       int      `csv:"question_id"`                 // ordinal of the answer within its conversation, from 1
	LaunchTime       float64  `csv:"launch_time"`                 // handed to the transport
	FinishTime       float64  `csv:"finish_time"`                 // end of stream, or the failure

	RecordStats string `csv:"record_stats"` // strict-synthetic: True, always
	Agent       int    `csv:"agentID"`      // agentic: which agent was asked
	Input       string `csv:"input"`        // agentic: the prompt as it was sent
	Output      string `csv:"output"`       // agentic: the answer

	Traced
	Served

	Timestamp        float64  `csv:"timestamp"` // LaunchTime again
	RequestID        string   `csv:"request_id"`
	Latency          *float64 `csv:"latency,omitempty"`           // FinishTime - LaunchTime
	CompletionTokens *Tokens  `csv:"completion_tokens,omitempty"` // GenerationTokens again
	TotalTokens      *Tokens  `csv:"total_tokens,omitempty"`
	Error            string   `csv:"error"` // why the request failed; empty for success

	ScheduledTime    float64  `csv:"scheduled_time"`          // when the request was due
	ConnectTime      *float64 `csv:"connect_time,omitempty"`  // waiting for a connection, part of TTFT
	Attempts         int      `csv:"attempts"`                // 2: the first connection had been closed by the engine while idle
	CachedTokens     *Tokens  `csv:"cached_tokens,omitempty"` // prompt tokens the engine took from its cache, if it says
	TokensFrom       string   `csv:"tokens_from"`             // FromUsage or FromChunks
	FinishReason     string   `csv:"finish_reason"`
	QuestionNumber   int      `csv:"question_number"`   // the number in the question's text
	SimulatedHistory bool     `csv:"simulated_history"` // the engine has not computed this history before
	Lateness
	UncachedShare float64 `csv:"cold"`   // share of the prompt that is in no cache unless another run put it there; 0: not known
	Gaps          Gaps    `csv:"itl_us"` // inter-chunk gaps, whole microseconds
}

// Where token counts come from.
const (
	FromUsage  = "usage"  // the engine's usage object
	FromChunks = "chunks" // chunks with text, because the engine sent no usage
)

// OK tells whether the request succeeded.
func (r *Row) OK() bool { return r.Error == "" }

// Value returns the number that a cell points to, or NaN if the cell is empty.
func Value[T int | float64](cell *T) float64 {
	if cell == nil {
		return math.NaN()
	}
	return float64(*cell)
}

// Tokens is a whole number of tokens. It is a float because pandas writes a
// column with an empty cell as 54.0, and both forms must be read.
type Tokens = float64

// Gaps are the times between consecutive chunks with text, written in a cell
// as whole microseconds with spaces between.
type Gaps []time.Duration

// MarshalCSV writes the cell.
func (g Gaps) MarshalCSV() (string, error) { return string(g.appendTo(nil)), nil }

func (g Gaps) appendTo(cell []byte) []byte {
	for i, gap := range g {
		if i > 0 {
			cell = append(cell, ' ')
		}
		cell = strconv.AppendInt(cell, Microseconds(gap), 10)
	}
	return cell
}

// Microseconds is d.Round(time.Microsecond).Microseconds() in a fifth of the time:
// there is one for each token.
func Microseconds(d time.Duration) int64 {
	const half = time.Microsecond / 2
	if d < 0 {
		return int64((d - half) / time.Microsecond)
	}
	return int64((d + half) / time.Microsecond)
}

// UnmarshalCSV reads the cell.
func (g *Gaps) UnmarshalCSV(cell string) error {
	*g = nil
	if cell == "" {
		return nil
	}
	gaps := make(Gaps, 0, strings.Count(cell, " ")+1)
	for rest := cell; rest != ""; {
		us, n := run(0, rest)
		if n == 0 || n >= maxDigits || n < len(rest) && rest[n] != ' ' {
			return g.unusual(cell)
		}
		gaps = append(gaps, time.Duration(us)*time.Microsecond)
		rest = rest[min(n+1, len(rest)):]
	}
	*g = gaps
	return nil
}

// unusual reads a cell that Writer would not write.
func (g *Gaps) unusual(cell string) error {
	for word := range strings.FieldsSeq(cell) {
		us, err := strconv.ParseInt(word, 10, 64)
		if err != nil {
			return err
		}
		*g = append(*g, time.Duration(us)*time.Microsecond)
	}
	return nil
}
