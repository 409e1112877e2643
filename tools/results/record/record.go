// Package record reads and writes finished requests as rows of the benchmark's CSV.
//
// Rows have their own writer and reader, several times as fast as gocsv, since an hour
// of load is millions of rows. They use gocsv's struct tags, and a test holds both equal
// to gocsv; cells in unusual forms are left to gocsv itself.
package record

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Row is one request that was sent, successful or not. Its csv tags name the columns
// that a Layout chooses from; a nil pointer is an empty cell.
//
// Durations are in seconds. Instants are in seconds since the Unix epoch; they come from
// one reading of the wall clock plus the monotonic clock, so that setting the wall clock
// does not bend a duration.
type Row struct {
	PromptTokens     *Tokens  `csv:"prompt_tokens,omitempty"`     // as the engine counted them
	GenerationTokens *Tokens  `csv:"generation_tokens,omitempty"` // usage, or chunks where TokensFrom says so
	TTFT             *float64 `csv:"ttft,omitempty"`              // first non-empty text - launch
	GenerationTime   *float64 `csv:"generation_time,omitempty"`   // end of stream - first non-empty text
	UserID           int      `csv:"user_id"`                     // as in the header x-user-id
	QuestionID       int      `csv:"question_id"`                 // position of the answer in its conversation, from 1
	LaunchTime       float64  `csv:"launch_time"`                 // handed to the transport
	FinishTime       float64  `csv:"finish_time"`                 // end of the stream, or when the request failed

	RecordStats string `csv:"record_stats"` // strict-synthetic: True, always
	Agent       int    `csv:"agentID"`      // agentic: the agent that was asked
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
	CachedTokens     *Tokens  `csv:"cached_tokens,omitempty"` // prompt tokens that the engine took from its cache; nil: not reported
	TokensFrom       string   `csv:"tokens_from"`             // FromUsage or FromChunks
	FinishReason     string   `csv:"finish_reason"`
	QuestionNumber   int      `csv:"question_number"`   // the number in the question's text
	SimulatedHistory bool     `csv:"simulated_history"` // the request has a history that the engine has not computed before
	Lateness
	UncachedShare float64 `csv:"cold"`   // share of the prompt that no earlier request of this run can have put into a cache; 0: not known
	Gaps          Gaps    `csv:"itl_us"` // between chunks with text, in whole microseconds
}

// Traced has the columns of a replayed trace.
type Traced struct {
	TraceLine                 int     `csv:"trace_line"`                  // line of the request in the trace file
	TraceOffset               float64 `csv:"trace_offset"`                // s since the earliest request of the trace, by the trace's own clock
	RequestedPromptTokens     int     `csv:"requested_prompt_tokens"`     // as the trace says
	RequestedGenerationTokens int     `csv:"requested_generation_tokens"` // as the trace says; an answer may be shorter
	IdealCachedTokens         int     `csv:"ideal_cached_tokens"`         // prompt tokens in blocks that came earlier in the run
}

// Served has the columns of a serving benchmark: the same request by the definitions of
// vLLM's client, which counts every event with a choice, with or without text. The
// tokens that were asked for are in Traced.
type Served struct {
	Model     string   `csv:"model"`               // the model that was asked, for example a LoRA module
	SlotWait  *float64 `csv:"slot_wait,omitempty"` // from the due time until the concurrency limit admitted the request
	EventTTFT *float64 `csv:"vllm_ttft,omitempty"` // first event - launch
	EventTPOT *float64 `csv:"vllm_tpot,omitempty"` // (vllm_e2el - vllm_ttft) / (tokens - 1), where tokens > 1
	EventE2EL *float64 `csv:"vllm_e2el,omitempty"` // last event - launch
}

// Lateness says why a request left late, in seconds. Timer, Queue and Backlog add up to
// launch_time - scheduled_time. Waiting for a connection comes after the launch and is
// in ConnectTime.
type Lateness struct {
	Timer       float64 `csv:"lag_timer"`     // the client waited for the due time and woke up late by this much
	Queue       float64 `csv:"lag_queue"`     // from then to the launch: run queue, garbage collection, preparation
	Backlog     float64 `csv:"lag_backlog"`   // earlier requests were still being sent
	CarriedOver float64 `csv:"lag_inherited"` // how far scheduled_time lies behind the user's own pace because earlier answers were slow
}

// Sources of a token count, as in Row.TokensFrom.
const (
	FromUsage  = "usage"  // the engine's usage object
	FromChunks = "chunks" // the number of chunks with text, because the engine sent no usage
)

// OK reports whether the request succeeded.
func (r *Row) OK() bool { return r.Error == "" }

// missingTimestamps is a row before its cells are read: an empty instant is NaN, since 0
// is an instant too.
var missingTimestamps = Row{LaunchTime: math.NaN(), FinishTime: math.NaN()}

// Stamped reports whether launch and finish are known. They are in every row that Writer
// wrote; rows of other programs may lack them.
func (r *Row) Stamped() bool { return !math.IsNaN(r.LaunchTime + r.FinishTime) }

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

// Gaps are the times between consecutive chunks with text. A cell has them in whole
// microseconds, separated by spaces.
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

// Microseconds returns d.Round(time.Microsecond).Microseconds(), in a fifth of the time:
// it is called for every token.
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
		us, n := appendDigits(0, rest)
		if n == 0 || n >= maxDigits || n < len(rest) && rest[n] != ' ' {
			return g.unusual(cell)
		}
		gaps = append(gaps, time.Duration(us)*time.Microsecond)
		rest = rest[min(n+1, len(rest)):]
	}
	*g = gaps
	return nil
}

// unusual reads a cell that Writer would not write, with other spacing.
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
