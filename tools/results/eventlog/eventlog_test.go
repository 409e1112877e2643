package eventlog

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/LMCache/LMBench/tools/results/record"
)

const us = time.Microsecond

var start = time.Date(2026, 1, 2, 15, 4, 5, 123456789, time.UTC)

func header() Header {
	return Header{Workload: "synthetic", Start: start, Layout: record.Agentic(), Pairs: []string{"QPS=2.0"}, Identity: []string{"MODEL=m"}}
}

// written returns a log of events.
func written(t testing.TB, events ...Event) []byte {
	t.Helper()
	var file bytes.Buffer
	log, err := NewWriter(&file, header())
	if err != nil {
		t.Fatal(err)
	}
	for _, event := range events {
		if err := log.Write(event); err != nil {
			t.Fatal(err)
		}
	}
	if err := log.Flush(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// read returns all intact events of a log, and the error at its end.
func read(file []byte) (events []Event, err error) {
	log, err := NewReader(bytes.NewReader(file))
	for err == nil {
		var event Event
		if event, err = log.Next(); err == nil {
			events = append(events, event)
		}
	}
	return events, err
}

// events returns one event of each kind, some with every field set.
func events() []Event {
	random := rand.New(rand.NewPCG(1, 2))
	full := filled(random)
	full.Gaps = record.Gaps{20 * time.Millisecond, 0, -3 * us, time.Hour}
	failed := record.Row{UserID: 7, QuestionNumber: 3, ScheduledTime: 1767366245.5, LaunchTime: 1767366245.25, Error: "no", Gaps: nil}
	return []Event{
		Started{User: 1, Question: 2, Due: time.Second, At: time.Second + 40*us},
		Started{User: -1, Question: 0, Due: -time.Second, At: 0},
		&Request{Row: full, Arrivals: []time.Duration{time.Second, 1020 * time.Millisecond, 1020 * time.Millisecond, 1019997 * us, 3601019997 * us}, Tokens: []int{1, 1, 3, 3, 0}},
		&Request{Row: failed, Arrivals: []time.Duration{5 * us, 12 * us}},
		&Request{Row: full, Arrivals: []time.Duration{0, 20 * time.Millisecond, 20 * time.Millisecond, 19997 * us, 3600019997 * us}},
		Unrecorded{User: 1, Question: 2},
		&Request{Row: failed, Arrivals: []time.Duration{9 * us}, Tokens: []int{4}},
		&Request{},
		Sample{At: 3 * time.Second, Values: []Value{{"vllm:num_requests_running", 12}, {"vllm:kv_cache_usage_perc", 0.375}}},
		Sample{At: 4 * time.Second},
		Sample{At: 5 * time.Second, Values: []Value{{"vllm:kv_cache_usage_perc", math.Inf(1)}, {"", -0.5}}},
		End{Pairs: []string{"NAME=a b", "INTERRUPTED=True"}},
		End{Of: "4-latest-results/x.csv", Metrics: "metric,value\nmodel_id,\"é, <b>\"\n"},
		Result{Path: "4-latest-results/suite/x.json"},
	}
}

// filled returns a row with a value in every field but Gaps.
func filled(random *rand.Rand) (row record.Row) {
	each(reflect.ValueOf(&row).Elem(), func(_ string, field reflect.Value) {
		switch field.Interface().(type) {
		case float64:
			field.SetFloat(random.Float64())
		case *float64:
			field.Set(reflect.ValueOf(new(float64(random.IntN(1000)))))
		case int:
			field.SetInt(random.Int64N(1000) - 500)
		case bool:
			field.SetBool(true)
		case string:
			field.SetString(strings.Repeat(fmt.Sprint(random.IntN(10), " "), random.IntN(400)+1))
		}
	})
	return row
}

// each calls do for every column of a row.
func each(row reflect.Value, do func(column string, field reflect.Value)) {
	for i := range row.NumField() {
		switch column, is := row.Type().Field(i).Tag.Lookup("csv"); {
		case is:
			do(strings.TrimSuffix(column, ",omitempty"), row.Field(i))
		case row.Type().Field(i).Anonymous:
			each(row.Field(i), do)
		}
	}
}

// A column in none of the lists of fields would be lost silently.
func TestEveryColumnIsWritten(t *testing.T) {
	var row record.Row
	listed := map[any]int{&row.Gaps: 1}
	for _, list := range []any{stamps(&row), cells(&row), floats(&row), numbers(&row), flags(&row), texts(&row)} {
		fields := reflect.ValueOf(list)
		for i := range fields.Len() {
			listed[fields.Index(i).Interface()]++
		}
	}
	each(reflect.ValueOf(&row).Elem(), func(column string, field reflect.Value) {
		if n := listed[field.Addr().Interface()]; n != 1 {
			t.Errorf("%s is in %d lists of fields.go, want it at the end of one", column, n)
		}
	})
}

func TestReadMirrorsWrite(t *testing.T) {
	file := written(t, events()...)
	log, err := NewReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(header(), log.Header); diff != "" {
		t.Errorf("header (-want +got)\n%s", diff)
	}
	got, err := read(file)
	if err != io.EOF {
		t.Error(err)
	}
	if diff := cmp.Diff(events(), got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestFloatsAreExact(t *testing.T) {
	floats := []float64{0, math.Copysign(0, -1), 1, 100, 1 << 53, 1<<53 + 2, 1e300, -1, -0.25, 0.1, 1.0 / 3, 0.000000001, 1e-10,
		1234.567890123, 1767366245.1234567, math.MaxFloat64, math.SmallestNonzeroFloat64, math.Inf(1), math.Inf(-1), math.NaN(),
		(1234567 * time.Microsecond).Seconds(), (-1234567891 * time.Nanosecond).Seconds(), 9e6, 9.1e6, -9e15}
	random := rand.New(rand.NewPCG(3, 4))
	for range 10000 {
		floats = append(floats, random.NormFloat64(), math.Float64frombits(random.Uint64()), time.Duration(random.Int64N(1e12)).Seconds())
	}
	for _, f := range floats {
		from := decoder{left: appendFloat(nil, f)}
		if got := from.float(); !same(got, f) || from.bad || len(from.left) > 0 {
			t.Errorf("%v (%x) is read as %v", f, math.Float64bits(f), got)
		}
	}
}

// answers returns n requests of 100 tokens each, 20 ms between tokens give or take a
// fifth.
func answers(n int) []Event {
	random := rand.New(rand.NewPCG(5, 6))
	var all []Event
	for i := range n {
		due := time.Duration(i) * 2 * time.Millisecond
		launch := due + time.Duration(random.ExpFloat64()*1e5)
		arrivals := []time.Duration{time.Duration(2e8 + random.Float64()*1e8)}
		for range 99 {
			arrivals = append(arrivals, arrivals[len(arrivals)-1]+time.Duration(2e7+random.NormFloat64()*4e6))
		}
		finish := arrivals[99] + 123*us
		stamp := func(d time.Duration) float64 { return float64(start.Add(d).UnixNano()) / 1e9 }
		cell := func(d time.Duration) *float64 { return new(d.Seconds()) }
		tokens := make([]int, 100)
		row := record.Row{
			PromptTokens: new(2345.0), GenerationTokens: new(100.0), TTFT: cell(arrivals[0]), GenerationTime: cell(finish - arrivals[0]),
			UserID: i % 1000, QuestionID: i / 1000, LaunchTime: stamp(launch), FinishTime: stamp(launch + finish),
			Timestamp: stamp(launch), RequestID: fmt.Sprintf("%d-%d", i%1000, i/1000), Latency: cell(finish), CompletionTokens: new(100.0),
			TotalTokens: new(2445.0), ScheduledTime: stamp(due), ConnectTime: cell(12345), Attempts: 1, CachedTokens: new(2304.0),
			TokensFrom: record.FromUsage, FinishReason: "length", QuestionNumber: i / 1000,
			Lateness: record.Lateness{Timer: (launch - due).Seconds(), Queue: 0.000012345},
		}
		for i := range 100 {
			tokens[i] = 1
			if i > 0 {
				row.Gaps = append(row.Gaps, arrivals[i]-arrivals[i-1])
			}
		}
		all = append(all, Started{User: row.UserID, Question: row.QuestionNumber, Due: due, At: launch}, &Request{Row: row, Arrivals: arrivals, Tokens: tokens})
	}
	return all
}

func TestBytesPerToken(t *testing.T) {
	const n = 1000
	size := len(written(t, answers(n)...))
	t.Logf("%.2f bytes a token, all included", float64(size)/n/100)
	if size > 4*n*100 {
		t.Errorf("%d answers of 100 tokens take %d bytes, want at most 4 a token", n, size)
	}
}

func TestRepeatedPromptsAreSmall(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	words := func(n int) string {
		var b strings.Builder
		for range n {
			fmt.Fprintf(&b, "word%d ", random.IntN(1000))
		}
		return b.String()
	}
	history, size := words(500), 0
	var all []Event
	for range 50 {
		answer := words(20)
		all = append(all, &Request{Row: record.Row{Input: history, Output: answer}})
		size += len(history) + len(answer)
		history += answer
	}
	file := written(t, all...)
	if len(file) > size/5 {
		t.Errorf("%d bytes of growing prompts take %d, want a fifth at most", size, len(file))
	}
	got, err := read(file)
	if diff := cmp.Diff(all, got); diff != "" || err != io.EOF {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
}

// A CSV restored from the log equals the run's own, byte for byte.
func TestCSVIsTheSame(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 10))
	var rows []record.Row
	var all []Event
	for _, event := range append(events(), answers(10)...) {
		if request, is := event.(*Request); is {
			row := request.Row
			if len(row.Gaps) > 0 {
				row.Gaps[0] += time.Duration(random.IntN(1000)) // a fraction that no cell shows
			}
			rows = append(rows, row)
			all = append(all, &Request{Row: row, Arrivals: request.Arrivals})
		}
	}
	log, err := NewReader(bytes.NewReader(written(t, all...)))
	if err != nil {
		t.Fatal(err)
	}
	again := rowsOf(t, log)
	for name, layout := range map[string]record.Layout{"conversation": record.Conversation(), "strict": record.Strict(),
		"agentic": record.Agentic(), "sharegpt": record.ShareGPT(), "trace": record.Trace(), "serving": record.Serving()} {
		if diff := cmp.Diff(csv(t, layout, rows), csv(t, layout, again)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

func csv(t *testing.T, layout record.Layout, rows []record.Row) string {
	t.Helper()
	var out strings.Builder
	w, err := record.NewWriter(&out, layout)
	if err == nil {
		err = w.Write(rows...)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestRowsOnly(t *testing.T) {
	log, err := NewReader(bytes.NewReader(written(t, events()...)))
	if err != nil {
		t.Fatal(err)
	}
	log.RowsOnly = true
	var want []record.Row
	for _, event := range events() {
		if request, is := event.(*Request); is {
			request.Row.Gaps = nil
			want = append(want, request.Row)
		}
	}
	got := rowsOf(t, log)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// A log that is cut off or has a wrong bit, at any place, yields what comes before and an
// error.
func TestDamagedLogs(t *testing.T) {
	whole := events()
	file := written(t, whole...)
	check := func(damage string, damaged []byte) {
		t.Helper()
		got, err := read(damaged)
		if len(got) > len(whole) {
			t.Fatalf("%s: %d events of %d", damage, len(got), len(whole))
		}
		if diff := cmp.Diff(whole[:len(got)], append([]Event{}, got...)); diff != "" {
			t.Fatalf("%s: (-want +got)\n%s", damage, diff)
		}
		if tail := (*TailError)(nil); err == io.EOF && !bytes.HasPrefix(file, damaged) || err != io.EOF && len(got) > 0 && !errors.As(err, &tail) {
			t.Fatalf("%s: error %v after %d events", damage, err, len(got))
		}
	}
	for end := range file {
		check(fmt.Sprintf("cut at %d", end), file[:end])
	}
	for at := range file {
		damaged := bytes.Clone(file)
		damaged[at] ^= 1 << (at % 8)
		check(fmt.Sprintf("byte %d", at), damaged)
	}
}

func TestState(t *testing.T) {
	row := func(user, question int) *Request {
		return &Request{Row: record.Row{UserID: user, QuestionNumber: question}}
	}
	at := func(user, question int, at time.Duration) Started {
		return Started{User: user, Question: question, At: at}
	}
	var s State
	for _, event := range []Event{at(1, 1, 1), at(2, 1, 3), at(3, 1, 2), at(4, 1, 4), row(1, 1), at(1, 2, 5), Unrecorded{4, 1}, row(1, 2), End{Pairs: []string{"A=1"}}, Result{"x.json"}} {
		s.Add(event)
	}
	if diff := cmp.Diff([]Started{at(3, 1, 2), at(2, 1, 3)}, s.InFlight()); diff != "" {
		t.Errorf("under way (-want +got)\n%s", diff)
	}
	if s.Ended == nil || s.Ended.Pairs[0] != "A=1" || s.Result == nil || s.Result.Path != "x.json" {
		t.Errorf("end %v, result %v", s.Ended, s.Result)
	}
}

func TestNotALog(t *testing.T) {
	for _, file := range []string{"", "prompt_tokens,generation_tokens\n", format, format[:9], format + "\x00s\x00\x00\x00\x00"} {
		if _, err := NewReader(strings.NewReader(file)); err == nil {
			t.Errorf("%q is taken for a log", file)
		}
	}
}

func FuzzReader(f *testing.F) {
	f.Add(written(f, events()...))
	f.Add([]byte(format))
	f.Fuzz(func(t *testing.T, file []byte) { read(file) })
}

// Checksums would stop the fuzzer, so here it writes payloads.
func FuzzPayload(f *testing.F) {
	var h history
	f.Add(byte(requestKind), appendChunks(h.appendRow(nil, &events()[3].(*Request).Row), events()[3].(*Request)))
	f.Add(byte(sampleKind), []byte{2, 0, 1, 'a', 4})
	f.Add(byte(startedKind), []byte{2, 4, 6, 8})
	f.Fuzz(func(t *testing.T, k byte, payload []byte) {
		r := Reader{}
		r.event(kind(k), &decoder{left: payload})
	})
}

// rowsOf returns the rows of all requests.
func rowsOf(t testing.TB, log *Reader) (rows []record.Row) {
	t.Helper()
	for {
		event, err := log.Next()
		if err == io.EOF {
			return rows
		}
		if err != nil {
			t.Fatal(err)
		}
		if request, is := event.(*Request); is {
			rows = append(rows, request.Row)
		}
	}
}
