package install

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/LMCache/LMBench/tools/results/spec"
)

// The columns of the original's CSVs, in order.
const (
	columns    = "prompt_tokens,generation_tokens,ttft,generation_time,user_id,question_id,launch_time,finish_time"
	convention = "timestamp,request_id,latency,completion_tokens,total_tokens,error"
)

// made lists what a point of allKeys leaves: files after 4-latest-results/KEY_ and
// 4-latest-results/SUITE/KEY_, and the keys of the result's workload section, in order.
type made struct {
	csv, columns string
	result       string
	pairs        string
}

var everyPoint = []made{
	{"sharegpt_output_60.csv", "prompt_tokens,generation_tokens,ttft,generation_time,launch_time,finish_time," + convention,
		"sharegpt_60_*.json", "WORKLOAD=sharegpt LIMIT=12 MIN_ROUNDS=4 START_ROUND=2 QPS=60"},
	{"synthetic_output_20.csv", columns + "," + convention,
		"synthetic_20_*.json", "WORKLOAD=synthetic NUM_USERS_WARMUP=0 NUM_USERS=3 NUM_ROUNDS=4 SYSTEM_PROMPT=10 CHAT_HISTORY=20 ANSWER_LEN=4 QPS=20 USE_SHAREGPT=False API_TYPE=API"},
	{"synthetic_output_10.5.csv", columns + "," + convention,
		"synthetic_10.5_*.json", "WORKLOAD=synthetic NUM_USERS_WARMUP=0 NUM_USERS=3 NUM_ROUNDS=4 SYSTEM_PROMPT=10 CHAT_HISTORY=20 ANSWER_LEN=4 QPS=10.5 USE_SHAREGPT=False API_TYPE=API"},
	{"trace_replayer_timed.csv", "launch_time,finish_time,ttft,generation_time,prompt_tokens,generation_tokens,total_tokens,error",
		"trace_replayer_60.0_*.json", "WORKLOAD=trace_replayer MODE=timed QPS=60.0 TRACE_FILE=./traces/example.jsonl START_TIME=0 DURATION=2 TIME_SCALE=0.125 API_TYPE=API"},
	{"trace_replayer_output_30.0.csv", "launch_time,finish_time,ttft,generation_time,prompt_tokens,generation_tokens,total_tokens,error",
		"trace_replayer_30.0_*.json", "WORKLOAD=trace_replayer QPS=30.0 TRACE_FILE=./traces/example.jsonl START_TIME=1 DURATION=2 API_TYPE=API"},
	{"agentic_output_0.1.csv", columns + ",agentID,input,output," + convention,
		"agentic_*_*.json", "WORKLOAD=agentic NUM_USERS_WARMUP=0 NUM_AGENTS=2 NUM_ROUNDS=2 SYSTEM_PROMPT=10 CHAT_HISTORY=20 ANSWER_LEN=4 NEW_USER_INTERVAL=0.1"},
	{"random_output_20.0.csv", columns + "," + convention,
		"random_20.0_*.json", "WORKLOAD=random NUM_USERS=3 NUM_ROUNDS=3 PROMPT_LEN=10 ANSWER_LEN=4 QPS=20.0"},
	{"vllm_benchmark_inf_????????-????.csv", "metric,value",
		"vllm_random_inf_*.json", "WORKLOAD=vllm_random BACKEND=BACKEND DATASET_NAME=random DATASET_PATH= NUM_PROMPTS=10 REQUEST_RATE=inf"},
	{"vllm_benchmark_50.0_????????-????.csv", "metric,value",
		"vllm_random_50.0_*.json", "WORKLOAD=vllm_random BACKEND=BACKEND DATASET_NAME=random DATASET_PATH= NUM_PROMPTS=10 REQUEST_RATE=50.0"},
	{"strict_synthetic_output_16.67.csv", columns + ",record_stats," + convention,
		"strict_synthetic_16.67_*.json", "WORKLOAD=strict_synthetic QPS=16.67 TIME_BETWEEN_REQUESTS_PER_USER=0.12 NUM_CONCURRENT_USERS=2 NUM_ROUNDS_PER_USER=2 " +
			"SHARED_SYSTEM_PROMPT_LEN=10 FIRST_PROMPT_LEN=20 FOLLOW_UP_PROMPTS_LEN=5 ANSWER_LEN=4 KV_REUSE_RATIO=0.5 API_TYPE=API"},
}

// theirKeys are the keys of the original's results, in order.
var theirKeys = struct{ top, results []string }{
	strings.Fields("name lmbench-session-id timestamp results infra serving workload"),
	strings.Fields("successful_requests benchmark_duration_s total_input_tokens total_generated_tokens request_throughput_req_per_s" +
		" output_token_throughput_tok_per_s input_token_throughput_tok_per_s total_token_throughput_tok_per_s ttft_ms tpot_ms itl_ms"),
}

// check examines everything that the scripts of a spec have left.
func (f *folders) check(b baseline, backend string) {
	f.t.Helper()
	seen := 0
	for _, point := range everyPoint {
		f.checkRows(f.one("4-latest-results", b.key+"_"+point.csv), point.columns)
		f.checkResult(b, f.one("4-latest-results", b.name, b.key+"_"+point.result),
			strings.Fields(strings.NewReplacer("=API", "="+b.api, "=BACKEND", "="+backend).Replace(point.pairs)))
		seen++
	}
	if all, _ := filepath.Glob(filepath.Join(f.theirs, "4-latest-results", b.name, "*.json")); len(all) != seen {
		f.t.Errorf("%d results, want %d: %v", len(all), seen, all)
	}
}

// one returns the only file that matches a pattern.
func (f *folders) one(pattern ...string) string {
	f.t.Helper()
	found, err := filepath.Glob(filepath.Join(f.theirs, filepath.Join(pattern...)))
	if err != nil || len(found) != 1 {
		f.t.Fatalf("%v: %v, want one file", pattern, found)
	}
	return found[0]
}

// checkRows checks that a CSV starts with the columns and that its requests succeeded.
func (f *folders) checkRows(path, columns string) {
	f.t.Helper()
	file, err := os.Open(path)
	if err != nil {
		f.t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil || len(rows) < 2 {
		f.t.Fatalf("%s: %d rows, %v", path, len(rows), err)
	}
	if header := strings.Join(rows[0], ","); !strings.HasPrefix(header+",", columns+",") {
		f.t.Errorf("%s: the columns are %s, want %s first", path, header, columns)
	}
	if at := slices.Index(rows[0], "error"); at >= 0 {
		for _, row := range rows[1:] {
			if row[at] != "" {
				f.t.Errorf("%s: a request failed: %s", path, row[at])
			}
		}
	}
}

// checkResult reads a result as readers of the original's results do.
func (f *folders) checkResult(b baseline, path string, pairs []string) {
	f.t.Helper()
	file, err := os.ReadFile(path)
	if err != nil || !json.Valid(file) || bytes.Contains(file, []byte(plantedToken)) {
		f.t.Fatalf("%s: %v, or no JSON, or with the token\n%s", path, err, file)
	}
	result, err := spec.Parse(file) // JSON is YAML, and this keeps the order
	if err != nil {
		f.t.Fatalf("%s: %v", path, err)
	}
	results := part(result, "results")
	inResults := theirKeys.results
	if strings.HasPrefix(pairs[0], "WORKLOAD=vllm_") {
		inResults = slices.DeleteFunc(slices.Clone(inResults), func(key string) bool { return key == "input_token_throughput_tok_per_s" })
	}
	for _, keys := range []struct{ got, want []string }{{keys(result), theirKeys.top}, {keys(results), inResults}} {
		if diff := cmp.Diff(keys.want, keys.got[:min(len(keys.want), len(keys.got))]); diff != "" {
			f.t.Errorf("%s: keys (-want +got)\n%s", path, diff)
		}
	}
	for _, figure := range []string{"ttft_ms", "tpot_ms", "itl_ms"} { // what the visualizer draws
		// On a busy machine one read returns a whole answer, so that its tokens take no time.
		if mean, _ := part(results, figure).Get("mean"); !positive(mean) && mean != 0.0 && mean != int64(0) {
			f.t.Errorf("%s: the mean of %s is %v", path, figure, mean)
		}
	}
	workload := part(result, "workload")
	if qps, there := workload.Get("QPS"); there && !positive(qps) { // absent if all requests leave at once
		f.t.Errorf("%s: QPS is %v, which cannot be drawn", path, qps)
	}
	var got []string
	for _, entry := range workload {
		got = append(got, entry.Key+"="+text(entry.Value))
	}
	if diff := cmp.Diff(pairs, got[:min(len(pairs), len(got))]); diff != "" {
		f.t.Errorf("%s: workload (-want +got)\n%s", path, diff)
	}
	head := []any{value(result, "name"), value(result, "lmbench-session-id"), value(result, "infra"), value(result, "serving")}
	want := []any{b.name, b.session, spec.Map{{Key: "Location", Value: "Local-Flat"}}, spec.Map(nil)}
	if b.index != "None" {
		want[3] = spec.Map{{Key: "baseline_type", Value: "Flat"}, {Key: "config", Value: spec.Map{
			{Key: "configSelection", Value: "basic-vllm/run-llama8B.sh"}, {Key: "modelURL", Value: "simulated-model"}, {Key: "apiType", Value: "chat"}}}}
	}
	if diff := cmp.Diff(want, head, cmpopts.EquateEmpty()); diff != "" {
		f.t.Errorf("%s (-want +got)\n%s", path, diff)
	}
}

func value(m spec.Map, key string) any {
	v, _ := m.Get(key)
	return v
}

func part(m spec.Map, key string) spec.Map {
	v, _ := value(m, key).(spec.Map)
	return v
}

func keys(m spec.Map) []string {
	var all []string
	for _, entry := range m {
		all = append(all, entry.Key)
	}
	return all
}

// positive reports whether a value is a number above 0.
func positive(v any) bool {
	switch v := v.(type) {
	case int64:
		return v > 0
	case float64:
		return v > 0
	}
	return false
}
