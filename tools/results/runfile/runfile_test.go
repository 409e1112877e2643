package runfile

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/LMCache/LMBench/tools/results/verdict"
)

// pairNames lists every key that a Run has had as a KEY=VALUE pair. Event logs and
// command lines hold them, so each must stay.
const pairNames = `SENDING_SECONDS REQUESTS_PLANNED OFFERED_RATE INTERRUPTED POINT_ERROR ALL_USERS_REQUESTS ALL_USERS_INPUT_TOKENS
ALL_USERS_GENERATED_TOKENS ACHIEVED_RATE
PROOF_ELAPSED_SECONDS PROOF_CLOCK_STEP_MS PROOF_CLIENT_CPU_SECONDS PROOF_CLIENT_CPU_SHARE PROOF_GC_PAUSE_MAX_MS PROOF_GC_PAUSE_TOTAL_MS
PROOF_COUNTERS_ENGINE PROOF_COUNTERS_SOURCES PROOF_COUNTERS_SAMPLES PROOF_COUNTERS_SAMPLES_FAILED PROOF_COUNTERS_FALLS
PROOF_COUNTERS_FINISHED_REQUESTS PROOF_COUNTERS_PROMPT_TOKENS PROOF_COUNTERS_GENERATION_TOKENS PROOF_COUNTERS_PREFIX_CACHE_QUERIES
PROOF_COUNTERS_PREFIX_CACHE_HITS PROOF_COUNTERS_EXTERNAL_CACHE_QUERIES PROOF_COUNTERS_EXTERNAL_CACHE_HITS PROOF_COUNTERS_PREEMPTIONS
PROOF_COUNTERS_TTFT_MEAN_MS PROOF_COUNTERS_RUNNING_MEAN PROOF_COUNTERS_RUNNING_MAX PROOF_COUNTERS_WAITING_MEAN PROOF_COUNTERS_WAITING_MAX
PROOF_COUNTERS_KV_CACHE_USAGE_MEAN PROOF_COUNTERS_KV_CACHE_USAGE_MAX PROOF_FINGERPRINT PROOF_LEDGER_PLANNED PROOF_LEDGER_SENT
PROOF_LEDGER_NEVER_SENT_INTERRUPTED PROOF_LEDGER_NEVER_SENT_NOT_TAKEN PROOF_LEDGER_NEVER_SENT_STAGE_ENDED PROOF_LEDGER_BEYOND_PLAN
PROOF_LEDGER_KILLED PROOF_INTERRUPTED PROOF_IN_FLIGHT_SECONDS PROOF_ANSWER_TOKENS_ASKED PROOF_ANSWERS_OVER_LIMIT PROOF_ANSWERS_CUT
PROOF_TOTAL_FINISHED PROOF_TOTAL_LOST PROOF_TOTAL_PROMPT_TOKENS PROOF_TOTAL_GENERATION_TOKENS PROOF_WRITER_STALL_MS PROOF_WRITER_HELD_MS
PROOF_WRITER_QUEUE_MAX PROOF_CALIBRATION_TTFT_BIAS_MS PROOF_CALIBRATION_TTFT_P99_MS PROOF_CALIBRATION_ITL_BIAS_MS
PROOF_CALIBRATION_ITL_P99_MS PROOF_CALIBRATION_E2EL_BIAS_MS PROOF_CALIBRATION_E2EL_P99_MS PROOF_CALIBRATION_STREAMS
PROOF_CALIBRATION_GAP_MS PROOF_CALIBRATION_BODY_BYTES PROOF_CALIBRATION_ANSWERS PROOF_CALIBRATION_CHUNKS PROOF_CALIBRATION_SECONDS
PROOF_CALIBRATION_CPU_SECONDS`

func TestEveryPairOfOldLogsNamesAField(t *testing.T) {
	var run Run
	names := strings.Fields(pairNames)
	for i, name := range names {
		if known, err := run.Set(name, "true"); known && err == nil { // a text or a flag
			continue
		}
		if known, err := run.Set(name, string(rune('1'+i%9))); !known || err != nil {
			t.Errorf("%s: known %v, %v", name, known, err)
		}
	}
	got := 0
	for range Values(&run) {
		got++
	}
	for range Values(&run.Facts) {
		got++
	}
	if got != len(names) {
		t.Errorf("%d names fill %d fields: two names fill the same one", len(names), got)
	}
}

func TestSet(t *testing.T) {
	tests := []struct {
		why, pair string
		want      Run
		known     bool
		wrong     bool
	}{
		{"a number", "SENDING_SECONDS=5.25", Run{SendingSeconds: new(5.25)}, true, false},
		{"a count", "REQUESTS_PLANNED=7", Run{RequestsPlanned: 7}, true, false},
		{"0 is known where a pointer is", "PROOF_ANSWERS_OVER_LIMIT=0", Run{Facts: verdict.Facts{Answers: verdict.Answers{OverLimit: new(0)}}}, true, false},
		{"a flag as Python writes it", "INTERRUPTED=True", Run{Interrupted: true}, true, false},
		{"a text", "PROOF_INTERRUPTED=Log", Run{Facts: verdict.Facts{Interrupted: verdict.LogCutOff}}, true, false},
		{"three structs deep", "PROOF_LEDGER_NEVER_SENT_NOT_TAKEN=3", Run{Facts: verdict.Facts{Ledger: verdict.Accounting{NeverSent: verdict.NeverSent{NotTaken: 3}}}}, true, false},
		{"a word for a number", "OFFERED_RATE=fast", Run{}, true, true},
		{"an infinite number", "OFFERED_RATE=inf", Run{}, true, true},
		{"a count that no int holds", "REQUESTS_PLANNED=1e300", Run{}, true, true},
		{"keys are in upper case", "sending_seconds=5", Run{}, false, false},
		{"the file's own size is not a pair", "CSV_BYTES=5", Run{}, false, false},
		{"a misspelt fact", "PROOF_ANSWER_CUT=5", Run{}, false, false},
		{"a workload's parameter", "NUM_USERS=5", Run{}, false, false},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			var run Run
			key, value, _ := strings.Cut(test.pair, "=")
			known, err := run.Set(key, value)
			if diff := cmp.Diff(test.want, run); diff != "" || known != test.known || (err != nil) != test.wrong {
				t.Errorf("%s: known %v, %v (-want +got)\n%s", test.pair, known, err, diff)
			}
		})
	}
}

func TestPairs(t *testing.T) {
	run := Run{
		CSVBytes: 7, SendingSeconds: new(5.0), RequestsPlanned: 3, Interrupted: true, PointError: "refused",
		AllUsers: AllUsers{Requests: new(0)}, Recorded: []string{"A=b"}, Facts: verdict.Facts{Fingerprint: "0af3"},
	}
	type pair struct {
		Key   string
		Value any
	}
	var got []pair
	for key, value := range run.Pairs() {
		got = append(got, pair{key, value})
	}
	want := []pair{{"SENDING_SECONDS", 5.0}, {"REQUESTS_PLANNED", 3}, {"INTERRUPTED", true}, {"POINT_ERROR", "refused"}, {"ALL_USERS_REQUESTS", 0}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("pairs (-want +got)\n%s", diff)
	}
}

func TestARunFileBelongsToItsCSV(t *testing.T) {
	csv := filepath.Join(t.TempDir(), "key_synthetic_output_0.5.csv")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(csv, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if run, err := Beside(csv); err != nil || run.CSVBytes != 0 {
		t.Errorf("without a run file: %+v, %v", run, err)
	}
	write("a,b\n1,2\n")
	want := Run{SendingSeconds: new(0.1), Recorded: []string{"A=b"}, Facts: verdict.Facts{Total: verdict.Total{Lost: new(0)}}}
	if err := Write(csv, want); err != nil {
		t.Fatal(err)
	}
	want.CSVBytes = 8
	got, err := Beside(csv)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("read back %v (-want +got)\n%s", err, diff)
	}
	if filepath.Base(Path(csv)) != "key_synthetic_output_0.5.run.json" {
		t.Errorf("the run file is %s", Path(csv))
	}
	write("a,b\n1,2\n3,4\n")
	if run, err := Beside(csv); err == nil || run.CSVBytes != 0 {
		t.Errorf("of another program's CSV: %+v, %v", run, err)
	}
	if err := Remove(csv); err != nil {
		t.Error(err)
	}
	if err := Remove(csv); err != nil {
		t.Errorf("removing it again: %v", err)
	}
	if run, err := Beside(csv); err != nil || run.CSVBytes != 0 {
		t.Errorf("after Remove: %+v, %v", run, err)
	}
}
