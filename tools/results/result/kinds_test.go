package result

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/LMCache/LMBench/tools/data/pyjson"
)

// kinds are the edges that CSVs have.
func kinds() []kind {
	whole := func(v float64) string { return strconv.FormatFloat(v, 'f', 0, 64) }
	return []kind{
		{name: "plain"},
		{name: "long", rows: [2]int{900, 1300}},
		{name: "one row", rows: [2]int{1, 1}},
		{name: "two rows", rows: [2]int{2, 2}},
		{name: "three rows", rows: [2]int{3, 3}},
		{name: "a hundred and one rows", rows: [2]int{101, 101}}, // p99 is a row's own
		{name: "no rows", edit: func(t *table) { t.rows = nil }, apart: nothing, why: "neither has a result; the original's says so inside"},
		{name: "equal times", edit: func(t *table) {
			t.change("ttft", 1, always("0.25"))
			t.change("generation_time", 1, always("1.5"))
		}},
		{name: "few values", edit: func(t *table) {
			t.change("ttft", 1, func(float64) string { return pyjson.Float(float64(t.IntN(4)) / 8) })
			t.change("generation_time", 1, func(float64) string { return pyjson.Float(float64(t.IntN(3)) / 4) })
			t.change("generation_tokens", 1, func(float64) string { return strconv.Itoa(2 + t.IntN(4)) })
		}},
		{name: "sorted by nothing", edit: func(t *table) {
			t.Shuffle(len(t.rows), func(i, j int) { t.rows[i], t.rows[j] = t.rows[j], t.rows[i] })
		}},
		{name: "columns in another order", edit: shuffleColumns},
		{name: "an unknown column", edit: func(t *table) {
			t.header = append(t.header, "Zufall")
			for i := range t.rows {
				t.rows[i] = append(t.rows[i], "é, \"x\"\n")
			}
		}},
		{name: "only what is needed", workload: "random", edit: func(t *table) {
			for _, name := range slices.Clone(t.header) {
				if !slices.Contains(metricColumns, name) {
					t.drop(name)
				}
			}
		}},
		{name: "a needed column missing", edit: func(t *table) { t.drop(metricColumns[t.IntN(len(metricColumns))]) },
			apart: nothing, why: "neither has a result"},
		{name: "answers of one token among others", rows: [2]int{20, 60}, edit: func(t *table) { t.change("generation_tokens", 0.3, always("1")) }},
		{name: "answers of one token", edit: func(t *table) { t.change("generation_tokens", 1, always("1")) },
			apart: nothing, why: "without a TPOT the original has nothing at all; ours lacks only that"},
		{name: "answers without a token among others", rows: [2]int{20, 60}, edit: func(t *table) { t.change("generation_tokens", 0.2, always("0")) },
			apart: []string{"tpot_ms mean", "tpot_ms median", "tpot_ms p99"}, why: "no token is less than one, so the original has a negative time for each of them"},
		{name: "answers without a token", edit: func(t *table) { t.change("generation_tokens", 1, always("0")) },
			apart: nothing, why: "without an ITL the original has nothing at all; ours lacks only that"},
		{name: "no generation time", edit: func(t *table) { t.change("generation_time", 1, always("0.0")) }},
		{name: "nothing took time", edit: func(t *table) {
			t.change("generation_time", 1, always("0"))
			t.change("ttft", 1, always("0"))
		}},
		{name: "a clock that stepped back", edit: func(t *table) {
			t.change("generation_time", 0.2, func(v float64) string { return pyjson.Float(-v) })
			t.change("ttft", 0.2, func(v float64) string { return pyjson.Float(-v) })
		}},
		{name: "one instant", edit: func(t *table) {
			t.change("launch_time", 1, always("1753694362.5"))
			t.change("finish_time", 1, always("1753694362.5"))
		}, apart: append(rates, "all"), why: "dividing by no time, the original has nothing at all; ours lacks only the rates"},
		{name: "finished before it was launched", rows: [2]int{1, 1}, edit: func(t *table) {
			t.change("finish_time", 1, func(v float64) string { return pyjson.Float(v - 1000) })
		}, apart: append(rates, "request_throughput_req_per_s"), why: "a time below nothing gives no rate"},
		{name: "trace seconds", edit: func(t *table) { // the original's replay of a trace has offsets
			start := 1e12
			t.change("launch_time", 1, func(v float64) string { start = min(start, v); return pyjson.Float(v - start) })
			t.change("finish_time", 1, func(v float64) string { return pyjson.Float(v - start) })
		}},
		{name: "scientific", edit: func(t *table) {
			for _, name := range metricColumns {
				t.change(name, 0.5, func(v float64) string { return strconv.FormatFloat(v, "eE"[t.IntN(2)], -1, 64) })
			}
		}},
		{name: "tokens as floats", edit: func(t *table) {
			t.change("prompt_tokens", 1, pyjson.Float)
			t.change("generation_tokens", 0.5, pyjson.Float)
		}},
		{name: "parts of tokens", edit: func(t *table) {
			t.change("prompt_tokens", 1, func(v float64) string { return pyjson.Float(v + 0.375) })
			t.change("generation_tokens", 1, func(v float64) string { return pyjson.Float(v + 0.5) })
		}},
		{name: "huge", edit: func(t *table) {
			t.change("prompt_tokens", 1, func(v float64) string { return whole(v * 1e9) })
			t.change("ttft", 1, func(v float64) string { return pyjson.Float(v * 1e7) })
			t.change("generation_time", 1, func(v float64) string { return pyjson.Float(v * 1e9) })
		}},
		{name: "tiny", edit: func(t *table) {
			t.change("ttft", 1, func(v float64) string { return pyjson.Float(v * 1e-9) })
			t.change("generation_time", 1, func(v float64) string { return pyjson.Float(v * 1e-7) })
		}},
		{name: "ties", rows: [2]int{1, 1}, edit: func(t *table) { // where the two ways of rounding to two decimals part
			tie := func(float64) string { return fmt.Sprintf("%.6f", float64(10*t.IntN(1e5)+5)/1e6) }
			t.change("ttft", 1, tie)
			t.change("generation_time", 1, tie)
			t.change("generation_tokens", 1, always("2"))
			t.change("launch_time", 1, always("0.0"))
			t.change("finish_time", 1, func(float64) string { return fmt.Sprintf("%.3f", float64(10*t.IntN(1000)+5)/1e3) })
		}},
		{name: "few digits", edit: func(t *table) {
			t.change("ttft", 1, func(v float64) string { return strconv.FormatFloat(v, 'f', 3, 64) })
			t.change("generation_tokens", 1, func(float64) string { return strconv.Itoa(2 + t.IntN(8)) })
			t.change("generation_time", 1, func(v float64) string { return strconv.FormatFloat(v, 'f', 3, 64) })
		}},
		{name: "rounded times", edit: func(t *table) {
			start := 0.0
			t.change("launch_time", 1, func(float64) string { start += 0.125; return pyjson.Float(start) })
			t.change("finish_time", 1, func(float64) string { start += 0.25; return pyjson.Float(start) })
		}},
		{name: "not a number", rows: [2]int{20, 60}, edit: func(t *table) {
			for _, name := range []string{"ttft", "generation_time"} {
				t.change(name, 0.2, func(float64) string { return []string{"nan", "NaN", ""}[t.IntN(3)] })
			}
		}, apart: []string{"ttft_ms p99"}, why: "one TTFT too few makes the original's p99 NaN; ours is that of the others"},
		{name: "nothing counted", rows: [2]int{20, 60}, edit: func(t *table) {
			t.change("prompt_tokens", 0.2, always(""))
			t.change("generation_tokens", 0.2, always(""))
		}},
		{name: "no clock", rows: [2]int{20, 60}, edit: func(t *table) {
			t.change("launch_time", 0.2, always(""))
			t.change("finish_time", 0.2, always(""))
		}},
		{name: "no number at all", rows: [2]int{20, 60}, edit: func(t *table) {
			for _, name := range metricColumns {
				t.change(name, 0.2, func(float64) string { return []string{"None", "NA", "null", "-nan", "N/A", "<NA>", "#N/A"}[t.IntN(7)] })
			}
		}, apart: []string{"ttft_ms p99"}, why: "as with NaN"},
		{name: "infinite", rows: [2]int{20, 60}, edit: func(t *table) {
			for _, name := range []string{"ttft", "generation_time"} {
				t.change(name, 0.1, func(float64) string { return []string{"inf", "-inf", "Infinity"}[t.IntN(3)] })
			}
		}, apart: []string{"ttft_ms mean", "ttft_ms median", "ttft_ms p99"}, why: "JSON has no infinity; ours leaves such requests out"},
		{name: "spaces", edit: func(t *table) {
			for _, name := range metricColumns {
				t.change(name, 0.3, func(v float64) string {
					return []string{" ", "  "}[t.IntN(2)] + pyjson.Float(v) + []string{"", " "}[t.IntN(2)]
				})
			}
		}},
		{name: "rows cut short", rows: [2]int{20, 60}, text: func(csv string) string {
			lines := strings.SplitAfter(csv, "\n")
			for i := range lines {
				if i > 0 && i%5 == 0 {
					if at := strings.LastIndexByte(lines[i], ','); at >= 0 {
						lines[i] = lines[i][:at] + "\n"
					}
				}
			}
			return strings.Join(lines, "")
		}, refused: true, why: "a damaged line is named, the original fills it up"},
		{name: "failed requests among others", rows: [2]int{20, 60}, edit: func(t *table) { t.fail(0.3) },
			why: "the original is shown the others alone"},
		{name: "nothing but failed requests", edit: func(t *table) { t.fail(1) }, apart: nothing, why: "neither has a result"},
		{name: "quoted", edit: func(t *table) {
			for _, name := range metricColumns {
				t.change(name, 0.5, func(v float64) string { return `"` + pyjson.Float(v) + `"` })
			}
		}},
		{name: "histories", workload: "agentic", edit: func(t *table) {
			t.change("input", 1, func(float64) string {
				return []string{"[{'role': 'user', 'content': \"it's\"}]", "a\nb,\"c\"", "\r\n", "NaN", "é", ",,"}[t.IntN(6)]
			})
			t.change("output", 0.5, always("\"\""))
		}},
		{name: "a benchmark's own figures", workload: "vllm_random", edit: ofMetrics},
		{name: "a benchmark's own figures in DOS lines", workload: "vllm_random", edit: ofMetrics, end: "\r\n"},
		{name: "lines of DOS", end: "\r\n"},
		{name: "lines of DOS and histories", workload: "agentic", end: "\r\n", edit: func(t *table) { t.change("input", 1, always("a\nb,\"c\"")) }},
		{name: "blank lines", text: func(csv string) string { return strings.Replace(csv, "\n", "\n\n\n", 2) + "\n\n" }},
		{name: "no last line end", text: func(csv string) string { return strings.TrimRight(csv, "\n") }},
		{name: "a byte order mark", text: func(csv string) string { return "\ufeff" + csv }},
		{name: "nothing but a line end", text: func(string) string { return "\n" }, apart: nothing, why: "neither has a result"},
		{name: "an empty file", text: func(string) string { return "" }, apart: nothing, why: "neither has a result"},
	}
}

var (
	nothing = []string{"all"}
	rates   = []string{"output_token_throughput_tok_per_s", "input_token_throughput_tok_per_s", "total_token_throughput_tok_per_s"}
)

func shuffleColumns(t *table) {
	to := t.Perm(len(t.header))
	arrange := func(row []string) []string {
		arranged := make([]string, len(row))
		for i, at := range to {
			arranged[at] = row[i]
		}
		return arranged
	}
	t.header = arrange(t.header)
	for i, row := range t.rows {
		t.rows[i] = arrange(row)
	}
}

// drop takes a column out.
func (t *table) drop(column string) {
	at := slices.Index(t.header, column)
	t.header = slices.Delete(t.header, at, at+1)
	for i, row := range t.rows {
		t.rows[i] = slices.Delete(row, at, at+1)
	}
}

// ofMetrics makes the table one of metrics, as vLLM's benchmark has them.
func ofMetrics(t *table) {
	t.header = []string{"metric", "value"}
	t.rows = [][]string{{"date", "20260102-150405"}, {"backend", "vllm"}, {"model_id", "a, b"}, {"max_concurrency", ""}}
	for _, name := range []string{"completed", "total_input_tokens", "total_output_tokens"} {
		t.rows = append(t.rows, []string{name, strconv.Itoa(1 + t.IntN(1e6))})
	}
	for _, name := range []string{"duration", "request_throughput", "request_goodput:", "output_throughput", "total_token_throughput",
		"mean_ttft_ms", "median_ttft_ms", "std_ttft_ms", "p99_ttft_ms", "mean_tpot_ms", "median_tpot_ms", "std_tpot_ms", "p99_tpot_ms",
		"mean_itl_ms", "median_itl_ms", "std_itl_ms", "p99_itl_ms"} {
		t.rows = append(t.rows, []string{name, pyjson.Float(1000 * t.ExpFloat64())})
	}
}
