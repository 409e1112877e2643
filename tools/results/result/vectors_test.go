package result

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"github.com/LMCache/LMBench/tools/data/pyjson"
)

// vector is one point as the original's workloads, or ours, could leave it.
type vector struct {
	name   string
	csv    string   // as our summarizer reads it
	theirs string   // as the original reads it: without the requests that failed, which it takes for successes
	pairs  []string // KEY=VALUE
	kind   kind
}

// kind is one edge; its vectors differ in workload, size and values.
type kind struct {
	name     string
	workload string // "": any
	rows     [2]int // at least, at most; none: 1 to 200
	end      string // of a line; "": \n
	edit     func(t *table)
	text     func(csv string) string // what is done to the whole file

	// apart are keys in which the original errs, "all": it has no results.
	// why says what is wrong there and what ours has instead.
	apart   []string
	refused bool // ours has no result, but an error
	why     string
}

const vectorsPerKind = 10

// vectors are the same on every machine.
func vectors() []vector {
	var all []vector
	for k, kind := range kinds() {
		for i := range vectorsPerKind {
			all = append(all, newVector(kind, i, rand.New(rand.NewPCG(uint64(k), uint64(i)))))
		}
	}
	return all
}

func newVector(kind kind, i int, random *rand.Rand) vector {
	workload := kind.workload
	if workload == "" {
		workload = workloadNames[random.IntN(len(workloadNames))]
	}
	least, most := kind.rows[0], kind.rows[1]
	if most == 0 {
		least, most = 1, 200
	}
	t := newTable(random, workload, least+random.IntN(most-least+1))
	if kind.edit != nil {
		kind.edit(t)
	}
	finish := func() string {
		text := t.text(kind.end)
		if kind.text != nil {
			text = kind.text(text)
		}
		return text
	}
	v := vector{name: fmt.Sprintf("%s %d", kind.name, i+1), csv: finish(), pairs: pairsFor(random, workload), kind: kind}
	if at := slices.Index(t.header, "error"); at >= 0 {
		t.rows = slices.DeleteFunc(t.rows, func(row []string) bool { return row[at] != "" })
	}
	v.theirs = finish()
	return v
}

var workloadNames = []string{"synthetic", "strict_synthetic", "agentic", "random", "sharegpt", "trace_replayer"}

// table is a CSV of requests in the making.
type table struct {
	*rand.Rand
	header []string
	rows   [][]string
}

// newTable has the columns of a workload, ours beside them for every other one.
func newTable(random *rand.Rand, workload string, rows int) *table {
	t := &table{Rand: random}
	const metrics = "prompt_tokens,generation_tokens,ttft,generation_time"
	header := map[string]string{
		"strict_synthetic": metrics + ",user_id,question_id,launch_time,finish_time,record_stats",
		"agentic":          metrics + ",user_id,question_id,launch_time,finish_time,agentID,input,output",
		"sharegpt":         metrics + ",launch_time,finish_time",
		"trace_replayer":   "launch_time,finish_time,ttft,generation_time,prompt_tokens,generation_tokens,total_tokens,error",
	}[workload]
	if header == "" {
		header = metrics + ",user_id,question_id,launch_time,finish_time"
	}
	t.header = strings.Split(header, ",")
	if random.IntN(2) == 0 {
		for _, name := range strings.Split("timestamp,request_id,latency,completion_tokens,total_tokens,error,scheduled_time,attempts", ",") {
			if !slices.Contains(t.header, name) {
				t.header = append(t.header, name)
			}
		}
	}
	launch := 1.7e9 + float64(1e8*random.Float64()) // rounded, not fused: the same on every machine
	for i := range rows {
		launch += t.exp()
		t.rows = append(t.rows, t.row(i, launch))
	}
	return t
}

func (t *table) row(i int, launch float64) []string {
	ttft, generation := 0.02+float64(0.3*t.exp()), t.exp()
	prompt, generated := 1+t.IntN(20000), 2+t.IntN(400)
	cells := map[string]string{
		"prompt_tokens": strconv.Itoa(prompt), "generation_tokens": strconv.Itoa(generated), "completion_tokens": strconv.Itoa(generated),
		"total_tokens": strconv.Itoa(prompt + generated), "ttft": pyjson.Float(ttft), "generation_time": pyjson.Float(generation),
		"user_id": strconv.Itoa(1 + i%7), "question_id": strconv.Itoa(1 + i/7), "request_id": fmt.Sprintf("1-%d", i+1),
		"launch_time": pyjson.Float(launch), "timestamp": pyjson.Float(launch), "scheduled_time": pyjson.Float(launch - 0.001),
		"finish_time": pyjson.Float(launch + ttft + generation), "latency": pyjson.Float(ttft + generation),
		"record_stats": "True", "agentID": strconv.Itoa(i % 3), "input": "Hello", "output": "Once upon a time", "attempts": "1",
	}
	var row []string
	for _, name := range t.header {
		row = append(row, cells[name])
	}
	return row
}

// exp is a number as of a Poisson process. It is rounded before anything is added
// to it, so that no processor fuses the two.
func (t *table) exp() float64 { return float64(t.ExpFloat64()) }

// change replaces the cells of a column, each by a function of its value; with a share
// below 1 only some of them.
func (t *table) change(column string, share float64, to func(old float64) string) {
	at := slices.Index(t.header, column)
	if at < 0 {
		return
	}
	for _, row := range t.rows {
		if share == 1 || t.Float64() < share {
			old, _ := strconv.ParseFloat(row[at], 64)
			row[at] = to(old)
		}
	}
}

// always is a cell of that text.
func always(text string) func(float64) string { return func(float64) string { return text } }

// metricColumns are those the figures are made of.
var metricColumns = []string{"prompt_tokens", "generation_tokens", "ttft", "generation_time", "launch_time", "finish_time"}

// text is the file; a cell is quoted where it must be.
func (t *table) text(end string) string {
	if end == "" {
		end = "\n"
	}
	var file strings.Builder
	for _, row := range append([][]string{t.header}, t.rows...) {
		for i, cell := range row {
			if i > 0 {
				file.WriteByte(',')
			}
			if strings.ContainsAny(cell, ",\"\r\n") && !strings.HasPrefix(cell, `"`) {
				cell = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
			}
			file.WriteString(cell)
		}
		file.WriteString(end)
	}
	return file.String()
}

// fail makes requests fail as our rows record it: without figures, with an error.
func (t *table) fail(share float64) {
	if !slices.Contains(t.header, "error") {
		t.header = append(t.header, "error")
		for i := range t.rows {
			t.rows[i] = append(t.rows[i], "")
		}
	}
	for _, row := range t.rows {
		if t.Float64() >= share {
			continue
		}
		for i, name := range t.header {
			switch name {
			case "prompt_tokens", "generation_tokens", "completion_tokens", "total_tokens", "ttft", "generation_time":
				row[i] = ""
			case "error":
				row[i] = "HTTP 500, engine: out of memory"
			}
		}
	}
}

// pairsFor are the pairs of a run script, some odd.
func pairsFor(random *rand.Rand, workload string) []string {
	one := func(of ...string) string { return of[random.IntN(len(of))] }
	pairs := []string{"NAME=" + one("suite", "8A100-x", "my suite"), "KEY=" + one("flat_basic", "helm_routing_4-kvaware", "x"), "WORKLOAD=" + workload}
	qps := "QPS=" + one("0.10", "1", "1.0", "2.50", "1e1", "0.0333", "12345.678", "1e-05", "16.67")
	switch workload {
	case "agentic":
		pairs = append(pairs, "NEW_USER_INTERVAL="+one("2", "0.5", "1e2"))
	case "trace_replayer":
		pairs = append(pairs, qps, "TRACE_FILE=./traces/gmi_trace.jsonl", "START_TIME="+one("0", "85200", "0.5"), "DURATION="+one("-1", "60", "6e1"))
	case "strict_synthetic":
		pairs = append(pairs, qps, "NUM_ROUNDS_PER_USER="+one("15", "None", "x"), "KV_REUSE_RATIO="+one("1.0", ".5", "0."), "IS_STRICT_SYNTHETIC=true")
	case "vllm_random":
		pairs = append(pairs, "BACKEND=vllm", "DATASET_PATH=", "NUM_PROMPTS=1000", "REQUEST_RATE="+one("1.0", "2", "0.25"))
	default:
		pairs = append(pairs, "NUM_USERS="+one("15", "None", "05", "1_000", "0x10", "+3"), "SYSTEM_PROMPT="+one("0", "-1", "''"), "USE_SHAREGPT="+one("True", "False", "true"), qps)
	}
	pairs = append(pairs, "SERVING_INDEX="+one("0", "None", "7", "-1"), "SPEC_FILE_PATH="+one("0-bench-specs/suite.yaml", "0-bench-specs/none.yaml"),
		"LMBENCH_SESSION_ID="+one("lmbench-1-ab", "lmbench-1753694362-0e1f2a3b"))
	if random.IntN(3) == 0 {
		pairs = append(pairs, "WITHOUT", "MODE="+one("a=b", "ü", `"quoted"`, "[1,2]", "2024-10-06", "a b", "", `""`, "None", "00", "1__0", "inf"), "KEY=again")
	}
	return pairs
}
