package verdict

import "math"

// Facts are what a run observed about a measured point that its rows cannot show.
// A nil number was not observed, and a missing fact never raises a reason.
//
// The JSON names, joined by _, are also the names of the pairs PROOF_... on the
// summarizer's command line: PROOF_LEDGER_NEVER_SENT_NOT_TAKEN.
type Facts struct {
	ElapsedSeconds  *float64    `json:"elapsed_seconds,omitzero"` // from before the first request was due to the end of the last one
	Clock           Clock       `json:"clock,omitzero"`
	Client          Client      `json:"client,omitzero"`
	GCPause         GCPause     `json:"gc_pause,omitzero"`
	Counters        Counters    `json:"counters,omitzero"`
	Fingerprint     string      `json:"fingerprint,omitzero"` // of the load that was sent
	Ledger          Accounting  `json:"ledger,omitzero"`
	Interrupted     string      `json:"interrupted,omitzero"` // BySignal, LogCutOff or empty
	InFlightSeconds *float64    `json:"in_flight_seconds,omitzero"`
	TokensAsked     *int        `json:"answer_tokens_asked,omitzero"` // sum of the answers' token limits
	Answers         Answers     `json:"answers,omitzero"`
	Total           Total       `json:"total,omitzero"`
	Writer          Writer      `json:"writer,omitzero"`
	Calibration     Calibration `json:"calibration,omitzero"`
	PointError      string      `json:"point_error,omitzero"` // why nothing could be measured
}

// Why a run did not send its whole plan, as Facts.Interrupted has it.
const (
	BySignal  = "True" // a signal ended it
	LogCutOff = "Log"  // its event log ends early
)

// Clock compares the wall clock with the monotonic clock.
type Clock struct {
	StepMS *float64 `json:"step_ms,omitzero"` // by which the wall clock was set during the run
}

// Client is the CPU time that the load generator used.
type Client struct {
	CPUSeconds *float64 `json:"cpu_seconds,omitzero"`
	CPUShare   *float64 `json:"cpu_share,omitzero"` // of the processors that it may use, 0 to 1
}

// GCPause is how long the garbage collector stopped the load generator.
type GCPause struct {
	MaxMS   *float64 `json:"max_ms,omitzero"`
	TotalMS *float64 `json:"total_ms,omitzero"`
}

// Accounting counts the planned requests, independently of the rows.
type Accounting struct {
	Planned    *int      `json:"planned,omitzero"`
	Sent       *int      `json:"sent,omitzero"`
	NeverSent  NeverSent `json:"never_sent,omitzero"`
	BeyondPlan int       `json:"beyond_plan,omitzero"` // sent although not planned: the plan was an estimate
	Killed     int       `json:"killed,omitzero"`      // under way when the process was killed, so without a row
}

// NeverSent counts planned requests that were not sent, by cause.
type NeverSent struct {
	Interrupted int `json:"interrupted,omitzero"` // by a signal
	NotTaken    int `json:"not_taken,omitzero"`   // users still waited for answers when the time was over
	StageEnded  int `json:"stage_ended,omitzero"` // the plan ended the stage early
}

// Answers compares answers with their token limits.
type Answers struct {
	OverLimit *int `json:"over_limit,omitzero"` // longer than allowed, by the engine's count
	Cut       int  `json:"cut,omitzero"`        // shorter, but with finish_reason length
}

// Total counts the requests of all users, whether or not they have a row.
type Total struct {
	Finished         *int `json:"finished,omitzero"`
	Lost             *int `json:"lost,omitzero"` // failed or cancelled
	PromptTokens     *int `json:"prompt_tokens,omitzero"`
	GenerationTokens *int `json:"generation_tokens,omitzero"`
}

// Writer is how the goroutine that writes rows and event log kept up.
type Writer struct {
	StallMS  *float64 `json:"stall_ms,omitzero"`  // the longest time that one write took
	HeldMS   *float64 `json:"held_ms,omitzero"`   // for which sending waited for the writer
	QueueMax int      `json:"queue_max,omitzero"` // events waiting; 0 unless there were many
}

// Counters are what the engine reported at /metrics. Counts are the increase
// during the point.
type Counters struct {
	Engine           string   `json:"engine,omitzero"`
	Sources          *int     `json:"sources,omitzero"` // pages that were read
	Samples          *int     `json:"samples,omitzero"`
	SamplesFailed    *int     `json:"samples_failed,omitzero"`
	Falls            int      `json:"falls,omitzero"` // times that counters went down, as after a restart
	FinishedRequests *float64 `json:"finished_requests,omitzero"`
	PromptTokens     *float64 `json:"prompt_tokens,omitzero"`
	GenerationTokens *float64 `json:"generation_tokens,omitzero"`
	CacheQueries     *float64 `json:"prefix_cache_queries,omitzero"`
	CacheHits        *float64 `json:"prefix_cache_hits,omitzero"`
	ExternalQueries  *float64 `json:"external_cache_queries,omitzero"`
	ExternalHits     *float64 `json:"external_cache_hits,omitzero"`
	Preemptions      *float64 `json:"preemptions,omitzero"`
	TTFTMeanMS       *float64 `json:"ttft_mean_ms,omitzero"` // of the engine's own histogram
	Running          Gauge    `json:"running,omitzero"`      // requests being computed
	Waiting          Gauge    `json:"waiting,omitzero"`      // requests in the engine's queue
	KVCacheUsage     Gauge    `json:"kv_cache_usage,omitzero"`
}

// Gauge summarizes the samples of a value that rises and falls.
type Gauge struct {
	Mean *float64 `json:"mean,omitzero"`
	Max  *float64 `json:"max,omitzero"`
}

// Calibration is what the client adds to the latencies by itself, measured
// against a reference engine of known timing under a load like the point's.
type Calibration struct {
	TTFT       Bias     `json:"ttft,omitzero"`
	ITL        Bias     `json:"itl,omitzero"`
	E2EL       Bias     `json:"e2el,omitzero"`
	Streams    *int     `json:"streams,omitzero"`
	GapMS      *float64 `json:"gap_ms,omitzero"`     // between chunks
	BodyBytes  *int     `json:"body_bytes,omitzero"` // of a request
	Answers    *int     `json:"answers,omitzero"`
	Chunks     *int     `json:"chunks,omitzero"`
	Seconds    *float64 `json:"seconds,omitzero"` // that the calibration took
	CPUSeconds *float64 `json:"cpu_seconds,omitzero"`
}

// Bias is the error of one latency.
type Bias struct {
	BiasMS *float64 `json:"bias_ms,omitzero"` // mean
	P99MS  *float64 `json:"p99_ms,omitzero"`
}

// Number returns a pointer to v, or nil if v is not a finite number.
func Number(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}

// orZero returns the number that p points to, or 0 if p is nil.
func orZero[T int | float64](p *T) float64 {
	if p == nil {
		return 0
	}
	return float64(*p)
}
