package verdict

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/LMCache/LMBench/tools/results/metrics"
)

// latencies returns a distribution whose median and percentiles are all ms.
func latencies(ms float64) metrics.Distribution {
	return metrics.Distribute(slices.Repeat([]float64{ms}, 1000))
}

// healthy returns a point without a fault in which every fact is known: 1,000 requests
// of 10 tokens in 100 s, TTFT 50 ms, ITL 10 ms.
func healthy() (*metrics.Figures, *Facts) {
	figures := &metrics.Figures{
		Sent: 1000, OK: 1000, PromptTokens: 100_000, GenerationTokens: 10_000,
		TTFT: latencies(50), ITL: latencies(10), TokensSourced: true,
		Diagnostics: metrics.Diagnostics{
			ClientLag: latencies(0.1), ClientLagTail: 0.1, Timer: latencies(0.1), Queue: latencies(0), Backlog: latencies(0),
			RequestSeconds: 500, Window: 100,
			Arrivals: metrics.Arrivals{Count: 1000, KS: 0.05, Dispersion: 1, PlannedDispersion: 1, PlannedVariation: 1},
			Uncached: metrics.Uncached{Prompts: 1000, Reported: 1000},
			Tokens:   metrics.TokenCheck{Rows: 1000, Tokens: 10_000, Chunks: 10_000},
		},
	}
	facts := &Facts{
		ElapsedSeconds: new(100.0), Clock: Clock{StepMS: new(0.1)}, Client: Client{CPUSeconds: new(50.0), CPUShare: new(0.5)},
		Ledger: Accounting{Planned: new(1000), Sent: new(1000)}, InFlightSeconds: new(500.0),
		TokensAsked: new(10_000), Answers: Answers{OverLimit: new(0)},
		Total:       Total{Finished: new(1000), Lost: new(0), PromptTokens: new(100_000), GenerationTokens: new(10_000)},
		Counters:    Counters{FinishedRequests: new(1000.0), GenerationTokens: new(10_000.0)},
		Writer:      Writer{StallMS: new(1.0), HeldMS: new(0.0)},
		Calibration: Calibration{TTFT: Bias{P99MS: new(0.2)}, ITL: Bias{P99MS: new(0.2)}},
	}
	return figures, facts
}

// reasons has at least one row per code. Each change of a healthy point raises that
// reason alone, or leaves the point VALID just below the threshold.
var reasons = []struct {
	why    string
	line   string // of the verdict
	text   string // in the first reason
	change func(f *metrics.Figures, x *Facts)
}{
	{"no change", "VALID", "", func(*metrics.Figures, *Facts) {}},
	{"nothing but the figures is known", "VALID", "", func(_ *metrics.Figures, x *Facts) { *x = Facts{} }},

	{"all requests failed", "INVALID (nothing_succeeded)", "none of 3 requests succeeded; most often: refused", func(f *metrics.Figures, x *Facts) {
		*f, *x = metrics.Figures{Sent: 3, Failed: 3, Failures: []metrics.Failure{{Text: "refused", Count: 3}}}, Facts{}
	}},
	{"nothing listens at the URL", "INVALID (nothing_measured)", "no request was measured: connection refused", func(f *metrics.Figures, x *Facts) {
		*f, *x = metrics.Figures{}, Facts{PointError: "connection refused"}
	}},
	{"only requests outside the CSV were sent", "INVALID (nothing_measured)", "8 requests were sent, but none of those to be measured", func(f *metrics.Figures, x *Facts) {
		*f, *x = metrics.Figures{}, Facts{Total: Total{Finished: new(7), Lost: new(1)}}
	}},
	{"a signal came before the first request", "INVALID (nothing_measured, interrupted)", "no request was sent", func(f *metrics.Figures, x *Facts) {
		*f, *x = metrics.Figures{}, Facts{Interrupted: BySignal}
	}},

	{"a planned request is unaccounted for", "INVALID (ledger_mismatch)", "leave 1 unaccounted for", func(_ *metrics.Figures, x *Facts) { x.Ledger.Planned = new(1001) }},
	{"a request was sent that has no row", "INVALID (ledger_mismatch)", "1001 requests were sent, but 1000 have a row", func(_ *metrics.Figures, x *Facts) { x.Ledger.Sent = new(1001) }},
	{"unsent requests with a cause are accounted for", "VALID", "", func(_ *metrics.Figures, x *Facts) {
		x.Ledger.Planned, x.Ledger.NeverSent.StageEnded = new(1001), 1
	}},
	{"more were sent than an estimated plan had", "VALID", "", func(_ *metrics.Figures, x *Facts) {
		x.Ledger.Planned, x.Ledger.BeyondPlan = new(999), 1
	}},

	{"a signal", "SUSPECT (interrupted)", "a signal ended the run", func(_ *metrics.Figures, x *Facts) { x.Interrupted = BySignal }},
	{"a log that was cut off", "SUSPECT (interrupted)", "the event log ends before the run did", func(_ *metrics.Figures, x *Facts) { x.Interrupted = LogCutOff }},

	{"gaps unlike the planned ones", "SUSPECT (arrivals_clumped)", "Kolmogorov-Smirnov distance 0.26", func(f *metrics.Figures, _ *Facts) { f.Diagnostics.Arrivals.KS = 0.26 }},
	{"gaps at the limit", "VALID", "", func(f *metrics.Figures, _ *Facts) { f.Diagnostics.Arrivals.KS = 0.25 }},
	{"overdispersed", "SUSPECT (arrivals_clumped)", "dispersion is 1.51 instead of 1.00", func(f *metrics.Figures, _ *Facts) { f.Diagnostics.Arrivals.Dispersion = 1.51 }},
	{"dispersed as far as allowed", "VALID", "", func(f *metrics.Figures, _ *Facts) { f.Diagnostics.Arrivals.Dispersion = 1.5 }},
	{"correlated gaps", "SUSPECT (arrivals_clumped)", "correlation of neighbouring gaps is -0.31 instead of 0.00", func(f *metrics.Figures, _ *Facts) { f.Diagnostics.Arrivals.Correlation = -0.31 }},
	{"correlated as far as allowed", "VALID", "", func(f *metrics.Figures, _ *Facts) { f.Diagnostics.Arrivals.Correlation = 0.3 }},
	{"the correlation of even gaps means nothing", "VALID", "", func(f *metrics.Figures, _ *Facts) {
		f.Diagnostics.Arrivals.Correlation, f.Diagnostics.Arrivals.PlannedVariation = 0.9, 0.49
	}},
	{"too few requests for a pattern", "VALID", "", func(f *metrics.Figures, _ *Facts) {
		f.Diagnostics.Arrivals.KS, f.Diagnostics.Arrivals.Count = 0.5, LeastArrivals-1
	}},
	{"a concurrency limit makes requests leave as answers come", "VALID", "", func(f *metrics.Figures, _ *Facts) {
		f.Diagnostics.Arrivals.KS, f.Diagnostics.Slot = 0.5, latencies(5)
	}},

	{"a slow disk", "SUSPECT (writer_stalled)", "writing a row took up to 1 s", func(_ *metrics.Figures, x *Facts) { x.Writer.StallMS = new(1001.0) }},
	{"a disk as slow as allowed", "VALID", "", func(_ *metrics.Figures, x *Facts) { x.Writer.StallMS = new(1000.0) }},
	{"a writer that delayed sending", "INVALID (writer_stalled)", "sending waited 11 ms for it", func(_ *metrics.Figures, x *Facts) { x.Writer.HeldMS = new(11.0) }},
	{"a writer that delayed sending as long as allowed", "VALID", "", func(_ *metrics.Figures, x *Facts) { x.Writer.HeldMS = new(10.0) }},

	{"late timers", "SUSPECT (client_starved)", "at least 11 ms late, at most 0.1 ms; mostly because timers fired late", func(f *metrics.Figures, _ *Facts) { f.Diagnostics.ClientLagTail = 11 }},
	{"no CPU for the client", "SUSPECT (client_starved)", "waited for a CPU", func(f *metrics.Figures, _ *Facts) {
		f.Diagnostics.ClientLagTail, f.Diagnostics.Queue = 11, latencies(9)
	}},
	{"as late as allowed", "VALID", "", func(f *metrics.Figures, _ *Facts) { f.Diagnostics.ClientLagTail = 10 }},
	{"late by less than a tenth of a long TTFT", "VALID", "", func(f *metrics.Figures, _ *Facts) {
		f.Diagnostics.ClientLagTail, f.TTFT = 100, latencies(1000)
	}},
	{"very late", "INVALID (client_starved)", "at least 101 ms late", func(f *metrics.Figures, _ *Facts) { f.Diagnostics.ClientLagTail = 101 }},
	{"very late by less than half of a long TTFT", "SUSPECT (client_starved)", "at least 500 ms late", func(f *metrics.Figures, _ *Facts) {
		f.Diagnostics.ClientLagTail, f.TTFT = 500, latencies(1000)
	}},
	{"very late requests leave in clumps: one reason", "INVALID (client_starved)", "at least 101 ms late", func(f *metrics.Figures, _ *Facts) {
		f.Diagnostics.ClientLagTail, f.Diagnostics.Arrivals.KS = 101, 0.5
	}},

	{"a busy client", "SUSPECT (client_busy)", "used 86 % of the CPU time", func(_ *metrics.Figures, x *Facts) { x.Client.CPUShare = new(0.86) }},
	{"as busy as allowed", "VALID", "", func(_ *metrics.Figures, x *Facts) { x.Client.CPUShare = new(0.85) }},
	{"busy in a short run", "VALID", "", func(_ *metrics.Figures, x *Facts) { x.Client.CPUShare, x.ElapsedSeconds = new(0.99), new(4.9) }},

	{"a clock that was set back", "SUSPECT (clock_step)", "was set by 61 ms", func(_ *metrics.Figures, x *Facts) { x.Clock.StepMS = new(-61.0) }},
	{"a clock that was slewed", "VALID", "", func(_ *metrics.Figures, x *Facts) { x.Clock.StepMS = new(59.0) }}, // 10 ms and 500 ppm of 100 s

	{"the client adds to TTFT", "SUSPECT (client_error_ttft)", "adds up to 11 ms to the time to first token", func(_ *metrics.Figures, x *Facts) { x.Calibration.TTFT.P99MS = new(11.0) }},
	{"the client adds to TTFT as much as allowed", "VALID", "", func(_ *metrics.Figures, x *Facts) { x.Calibration.TTFT.P99MS = new(10.0) }},
	{"the client adds to ITL", "SUSPECT (client_error_itl)", "adds up to 11 ms to the inter-token latency", func(_ *metrics.Figures, x *Facts) { x.Calibration.ITL.P99MS = new(11.0) }},
	{"the client adds less than a tenth of a long ITL", "VALID", "", func(f *metrics.Figures, x *Facts) {
		f.ITL, x.Calibration.ITL.P99MS = latencies(200), new(19.0)
	}},

	{"requests in flight for longer than rows say", "SUSPECT (littles_law)", "in flight for 551 s in total, but the rows say 500 s", func(_ *metrics.Figures, x *Facts) { x.InFlightSeconds = new(551.0) }},
	{"in flight for as much longer as allowed", "VALID", "", func(_ *metrics.Figures, x *Facts) { x.InFlightSeconds = new(550.0) }},
	{"a large part of very short requests", "VALID", "", func(f *metrics.Figures, x *Facts) {
		f.Diagnostics.RequestSeconds, x.InFlightSeconds = 20, new(29.0) // 9 ms a request
	}},

	{"one in 500 requests failed", "SUSPECT (requests_failed)", "2 of 1000 requests failed (0.2 %), and are in no latency figure; most often: status 500", func(f *metrics.Figures, _ *Facts) {
		f.OK, f.Failed, f.Failures = 998, 2, []metrics.Failure{{Text: "status 500", Count: 2}}
	}},
	{"one in 1000 requests failed", "VALID", "", func(f *metrics.Figures, _ *Facts) { f.OK, f.Failed = 999, 1 }},
	{"more than 5 % failed", "INVALID (requests_failed)", "51 of 1000 requests failed (5.1 %)", func(f *metrics.Figures, _ *Facts) { f.OK, f.Failed = 949, 51 }},
	{"5 % failed", "SUSPECT (requests_failed)", "50 of 1000", func(f *metrics.Figures, _ *Facts) { f.OK, f.Failed = 950, 50 }},
	{"cancelled requests have not failed", "VALID", "", func(f *metrics.Figures, _ *Facts) { f.OK, f.Failed, f.Diagnostics.Cancelled = 900, 100, 100 }},

	{"streams stalled", "SUSPECT (engine_pause)", "sent nothing for 1.0 s to any of 3 streams in flight", func(f *metrics.Figures, _ *Facts) {
		f.Diagnostics.Stall = metrics.Stall{Seconds: 1, Streams: 3}
	}},
	{"streams stalled for less than a second", "VALID", "", func(f *metrics.Figures, _ *Facts) { f.Diagnostics.Stall = metrics.Stall{Seconds: 0.99, Streams: 3} }},
	{"a stall that is usual between chunks", "VALID", "", func(f *metrics.Figures, x *Facts) {
		f.ITL, f.Diagnostics.Stall = latencies(100), metrics.Stall{Seconds: 1.9, Streams: 3} // 20 times the p95 is 2 s
	}},
	{"a stall of the client", "VALID", "", func(f *metrics.Figures, _ *Facts) {
		f.Diagnostics.Stall, f.Diagnostics.ClientLag = metrics.Stall{Seconds: 1.5, Streams: 3}, latencies(800)
	}},
	{"requests stalled before their first token", "SUSPECT (engine_pause)", "5 requests in flight", func(f *metrics.Figures, _ *Facts) {
		f.Diagnostics.RequestStall = metrics.Stall{Seconds: 1.1, Streams: 5}
	}},
	{"requests waited less than five times a long TTFT", "VALID", "", func(f *metrics.Figures, _ *Facts) {
		f.TTFT, f.Diagnostics.RequestStall = latencies(1000), metrics.Stall{Seconds: 4.9, Streams: 5}
	}},
	{"users waited for the pause to end: one reason", "SUSPECT (engine_pause)", "because of that 20 of 1020 planned requests were not sent", func(f *metrics.Figures, x *Facts) {
		f.Diagnostics.Stall = metrics.Stall{Seconds: 2, Streams: 3}
		x.Ledger.Planned, x.Ledger.NeverSent.NotTaken = new(1020), 20
	}},
	{"users waited for more than the pause", "SUSPECT (engine_pause, load_not_taken)", "sent nothing for 2.0 s", func(f *metrics.Figures, x *Facts) {
		f.Diagnostics.Stall = metrics.Stall{Seconds: 2, Streams: 3}
		x.Ledger.Planned, x.Ledger.NeverSent.NotTaken = new(1100), 100
	}},

	{"users never came to 6 % of the plan", "SUSPECT (load_not_taken)", "60 of 1060 planned requests (5.66 %)", func(_ *metrics.Figures, x *Facts) {
		x.Ledger.Planned, x.Ledger.NeverSent.NotTaken = new(1060), 60
	}},
	{"users never came to 5 % of the plan", "VALID", "", func(_ *metrics.Figures, x *Facts) {
		x.Ledger.Planned, x.Ledger.NeverSent.NotTaken = new(1050), 50
	}},

	{"uncached prompts were served from a cache", "SUSPECT (cache_warm)", "11 of 1000 prompts that no cache should hold were served from one", func(f *metrics.Figures, _ *Facts) { f.Diagnostics.Uncached.Warm = 11 }},
	{"as many were as allowed", "VALID", "", func(f *metrics.Figures, _ *Facts) { f.Diagnostics.Uncached.Warm = 10 }},
	{"two groups of TTFTs", "SUSPECT (cache_warm)", "form two groups: 30 % took about 10 ms, the others 50 ms", func(f *metrics.Figures, _ *Facts) {
		f.Diagnostics.Uncached.Bimodality = metrics.Bimodality{Lower: 10, Upper: 50, LowerShare: 0.3}
	}},
	{"two groups as far apart as two steps of the engine", "VALID", "", func(f *metrics.Figures, _ *Facts) {
		f.Diagnostics.Uncached.Bimodality = metrics.Bimodality{Lower: 10, Upper: 30, LowerShare: 0.3}
	}},

	{"counters went back once", "SUSPECT (engine_restarted)", "it was restarted", func(_ *metrics.Figures, x *Facts) { x.Counters.Falls = 1 }},
	{"a page on which engines take turns", "VALID", "", func(_ *metrics.Figures, x *Facts) { x.Counters.Falls = 3 }},

	{"another client", "SUSPECT (foreign_traffic)", "finished 1021 requests while this client sent 1000: 21 came from other clients", func(_ *metrics.Figures, x *Facts) { x.Counters.FinishedRequests = new(1021.0) }},
	{"as many requests of others as allowed", "VALID", "", func(_ *metrics.Figures, x *Facts) { x.Counters.FinishedRequests = new(1020.0) }},
	{"two requests of others in a short run", "VALID", "", func(_ *metrics.Figures, x *Facts) {
		x.Total.Finished, x.Counters.FinishedRequests = new(10), new(12.0)
	}},
	{"another client of an engine that counts no requests", "SUSPECT (foreign_traffic)", "generated 10201 tokens while this client got 10000", func(_ *metrics.Figures, x *Facts) {
		x.Counters.FinishedRequests, x.Counters.GenerationTokens = nil, new(10_201.0)
	}},
	{"one of two engines was asked", "SUSPECT (counters_partial)", "rose by 979 requests while this client got 1000 answers", func(_ *metrics.Figures, x *Facts) { x.Counters.FinishedRequests = new(979.0) }},
	{"counters as far behind as allowed", "VALID", "", func(_ *metrics.Figures, x *Facts) { x.Counters.FinishedRequests = new(980.0) }},

	{"answers without token counts", "SUSPECT (usage_missing)", "11 of 1000 answers came without a token count", func(f *metrics.Figures, _ *Facts) { f.FromChunks = 11 }},
	{"as many without as allowed", "VALID", "", func(f *metrics.Figures, _ *Facts) { f.FromChunks = 10 }},
	{"no counts, two tokens a chunk: one reason", "SUSPECT (usage_missing)", "1000 of 1000", func(f *metrics.Figures, x *Facts) {
		f.FromChunks, f.GenerationTokens, x.Total.GenerationTokens = 1000, 5000, nil
	}},

	{"answers longer than allowed", "SUSPECT (usage_wrong)", "by the engine's count 11 answers have more tokens than were allowed", func(_ *metrics.Figures, x *Facts) { x.Answers.OverLimit = new(11) }},
	{"as many longer as allowed", "VALID", "", func(_ *metrics.Figures, x *Facts) { x.Answers.OverLimit = new(10) }},
	{"more cached tokens than the prompt has", "SUSPECT (usage_wrong)", "for 11 of 1000 prompts the engine reports more cached tokens", func(f *metrics.Figures, _ *Facts) { f.Diagnostics.Tokens.CachedOver = 11 }},
	{"as many of these as allowed", "VALID", "", func(f *metrics.Figures, _ *Facts) { f.Diagnostics.Tokens.CachedOver = 10 }},
	{"more chunks than tokens", "SUSPECT (usage_wrong)", "11 of 1000 answers came in more chunks with text than the engine reports tokens", func(f *metrics.Figures, _ *Facts) { f.Diagnostics.Tokens.Fewer = 11 }},
	{"as many of those as allowed", "VALID", "", func(f *metrics.Figures, _ *Facts) { f.Diagnostics.Tokens.Fewer = 10 }},
	{"usage says half of what the counters do", "SUSPECT (usage_wrong)", "counters rose by 10000 tokens, its answers add up to 5000", func(f *metrics.Figures, x *Facts) {
		f.GenerationTokens, x.Total.GenerationTokens = 5000, new(5000)
	}},
	{"counters that differ as far as allowed", "VALID", "", func(_ *metrics.Figures, x *Facts) { x.Counters.GenerationTokens = new(10_199.0) }},

	{"short answers", "SUSPECT (answers_short)", "the answers have 89 % of the tokens asked for", func(f *metrics.Figures, x *Facts) {
		f.GenerationTokens, x.Total.GenerationTokens, x.Counters.GenerationTokens = 8900, new(8900), new(8900.0)
	}},
	{"answers as short as allowed", "VALID", "", func(f *metrics.Figures, x *Facts) {
		f.GenerationTokens, x.Total.GenerationTokens, x.Counters.GenerationTokens = 9000, new(9000), new(9000.0)
	}},
	{"answers cut by the engine's own limit", "SUSPECT (answers_short)", "the engine reports that 1000 of them reached the length limit", func(f *metrics.Figures, x *Facts) {
		f.GenerationTokens, x.Total.GenerationTokens, x.Counters.GenerationTokens = 5000, new(5000), new(5000.0)
		x.Answers.Cut = 1000
	}},

	{"63 requests", "SUSPECT (too_few_samples)", "63 requests succeeded, p90 needs 64 (p99 662", func(f *metrics.Figures, x *Facts) {
		f.Sent, f.OK, *x = 63, 63, Facts{}
	}},
	{"64 requests", "VALID", "", func(f *metrics.Figures, x *Facts) { f.Sent, f.OK, *x = 64, 64, Facts{} }},
}

func TestJudge(t *testing.T) {
	for _, test := range reasons {
		t.Run(test.why, func(t *testing.T) {
			figures, facts := healthy()
			test.change(figures, facts)
			v := Judge(figures, facts)
			if v.Line() != test.line {
				t.Errorf("%s, want %s: %+v", v.Line(), test.line, v.Reasons)
			}
			if test.text != "" && (len(v.Reasons) == 0 || !strings.Contains(v.Reasons[0].Text, test.text)) {
				t.Errorf("the reasons are %+v, want the text %q", v.Reasons, test.text)
			}
			for _, reason := range v.Reasons {
				if reason.Advice == "" {
					t.Errorf("%s has no advice", reason.Code)
				}
			}
		})
	}
}

// declaredCodes returns the values of the constants in codes.go.
func declaredCodes(t *testing.T) map[string]bool {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "codes.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	codes := map[string]bool{}
	ast.Inspect(file, func(node ast.Node) bool {
		if spec, is := node.(*ast.ValueSpec); is {
			for _, value := range spec.Values {
				code, err := strconv.Unquote(value.(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
				codes[code] = true
			}
		}
		return true
	})
	return codes
}

func TestEveryCodeHasARowAndADescription(t *testing.T) {
	described, err := os.ReadFile("VERDICT.md")
	if err != nil {
		t.Fatal(err)
	}
	codes := declaredCodes(t)
	if len(codes) < 20 {
		t.Fatalf("codes.go declares only %v", slices.Sorted(maps.Keys(codes)))
	}
	raised := map[string]bool{Unknown().Line(): true}
	for _, test := range reasons {
		raised[test.line] = true
	}
	for code := range codes {
		if !strings.Contains(string(described), fmt.Sprintf("\n### %s\n", code)) {
			t.Errorf("VERDICT.md has no section ### %s", code)
		}
		if !raised["SUSPECT ("+code+")"] && !raised["INVALID ("+code+")"] {
			t.Errorf("no row raises %s alone", code)
		}
	}
	for line := range strings.Lines(string(described)) {
		if code, is := strings.CutPrefix(strings.TrimSpace(line), "### "); is && !codes[code] {
			t.Errorf("VERDICT.md describes %s, which codes.go does not declare", code)
		}
	}
}

func TestPrint(t *testing.T) {
	figures, facts := healthy()
	facts.Client.CPUShare = new(0.99)
	var out strings.Builder
	Judge(figures, facts).Print(&out)
	const want = `verdict: SUSPECT
  suspect (client_busy): the client used 99 % of the CPU time that it may use
    what to do: give the client more CPUs, or use a lower rate: near its limit a client measures itself
`
	if out.String() != want {
		t.Errorf("printed\n%s\nwant\n%s", out.String(), want)
	}
}
