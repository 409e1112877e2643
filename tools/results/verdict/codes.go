package verdict

// Code names a reason, for programs. VERDICT.md explains each.
type Code string

// The codes of all reasons.
const (
	NothingSucceeded Code = "nothing_succeeded"
	NothingMeasured  Code = "nothing_measured"
	LedgerMismatch   Code = "ledger_mismatch"
	Interrupted      Code = "interrupted"

	ArrivalsClumped Code = "arrivals_clumped"
	WriterStalled   Code = "writer_stalled"
	ClientStarved   Code = "client_starved"
	ClientBusy      Code = "client_busy"
	ClockStep       Code = "clock_step"
	ClientErrorTTFT Code = "client_error_ttft"
	ClientErrorITL  Code = "client_error_itl"
	LittlesLaw      Code = "littles_law"

	RequestsFailed  Code = "requests_failed"
	EnginePause     Code = "engine_pause"
	LoadNotTaken    Code = "load_not_taken"
	CacheWarm       Code = "cache_warm"
	EngineRestarted Code = "engine_restarted"
	ForeignTraffic  Code = "foreign_traffic"
	CountersPartial Code = "counters_partial"

	UsageMissing    Code = "usage_missing"
	UsageWrong      Code = "usage_wrong"
	AnswersShort    Code = "answers_short"
	TooFewSamples   Code = "too_few_samples"
	RequestsMissing Code = "requests_missing"
)
