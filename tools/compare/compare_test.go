package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/LMCache/LMBench/tools/command"
	"github.com/LMCache/LMBench/tools/results/metrics"
	"github.com/LMCache/LMBench/tools/results/record"
	"github.com/LMCache/LMBench/tools/results/result"
	"github.com/LMCache/LMBench/tools/test/workloadtest"
)

var now = time.Date(2026, 1, 2, 15, 4, 5, 0, time.UTC)

// measure writes a point of n requests with TTFTs spread evenly around ttft seconds. If
// nth is not 0, every nth request fails.
func measure(t *testing.T, root, suite, key string, qps float64, n int, ttft float64, nth int) {
	t.Helper()
	value := func(v float64) *float64 { return &v }
	var rows []record.Row
	for i := range n {
		launch := 1_700_000_000 + float64(i)/qps
		row := record.Row{LaunchTime: launch, ScheduledTime: launch, FinishTime: launch + 0.1, Attempts: 1}
		if nth > 0 && i%nth == 0 {
			row.Error = "HTTP 503"
		} else {
			first := ttft * (0.8 + 0.4*float64(i*37%n)/float64(n))
			row.TTFT, row.GenerationTime, row.PromptTokens, row.GenerationTokens = value(first), value(0.2), value(100), value(21)
			row.FinishTime = launch + first + 0.2
			for range 20 {
				row.Gaps = append(row.Gaps, 10*time.Millisecond)
			}
		}
		rows = append(rows, row)
	}
	csv := filepath.Join(root, "requests.csv")
	file, err := os.Create(csv)
	if err != nil {
		t.Fatal(err)
	}
	out, err := record.NewWriter(file, record.Conversation())
	if err := errors.Join(err, out.Write(rows...), file.Close()); err != nil {
		t.Fatal(err)
	}
	report, err := result.Write(result.Options{Root: root, CSV: csv, Now: now, Pairs: []string{
		"NAME=" + suite, "LMBENCH_SESSION_ID=s", "KEY=" + key, "WORKLOAD=synthetic", "NUM_USERS=4", fmt.Sprintf("QPS=%g", qps), "AUTO_UPLOAD=false"}})
	if report.Path == "" {
		t.Fatal(err)
	}
	if beside, is := strings.CutSuffix(report.Path, ".json"); is {
		if err := os.Rename(csv, beside+".csv"); err != nil {
			t.Fatal(err)
		}
	}
}

// writeSuites writes a reference suite, one with the same latencies, one 3 % slower, one
// 10 % slower and one with failures.
func writeSuites(t *testing.T) (root string) {
	root = t.TempDir()
	for _, qps := range []float64{1, 2} {
		measure(t, root, "monday", "flat", qps, 700, 0.100, 0)
		measure(t, root, "tuesday", "flat", qps, 700, 0.1001, 0)
		measure(t, root, "wednesday", "flat", qps, 700, 0.103, 0)
		measure(t, root, "thursday", "flat", qps, 700, 0.110, 0)
	}
	measure(t, root, "friday", "flat", 1, 700, 0.1, 5)
	measure(t, root, "friday", "flat", 2, 700, 0.1, 1)
	measure(t, root, "small", "other", 1, 50, 0.110, 0)
	measure(t, root, "elsewhere", "flat", 7, 50, 0.110, 0)
	return root
}

func runCommand(t *testing.T, root string, arguments ...string) (transcript string, exit int) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	err := run(context.Background(), append([]string{"--root", root}, arguments...), command.Streams{Out: &stdout, Err: &stderr})
	exit = command.Report("compare", err, &stderr)
	transcript = fmt.Sprintf("exit %d\n--- stdout\n%s--- stderr\n%s", exit, &stdout, &stderr)
	return strings.ReplaceAll(transcript, root, "ROOT"), exit
}

func TestCommandLines(t *testing.T) {
	root := writeSuites(t)
	for _, test := range []struct {
		why       string
		arguments []string
		exit      int
		want      string // a pattern in the transcript
	}{
		{"a suite compared with itself", []string{"--fail-over", "0%", "monday", "monday"}, 0, `Nothing is significantly worse by more than 0 %`},
		{"a suite with the same latencies", []string{"--fail-over", "5%", "monday", "tuesday"}, 0, `Nothing is significantly worse`},
		{"significantly slower, but by less than the limit", []string{"--fail-over", "5", "monday", "wednesday"}, 0, `TTFT p50: worse at 2 of 2 points`},
		{"slower by more than the limit", []string{"--fail-over", "5%", "monday", "thursday"}, 1, `significantly worse by more than 5 %, synthetic at 1 requests/s: TTFT p50`},
		{"without a limit the exit status is 0", []string{"monday", "thursday"}, 0, `TTFT p50: worse at 2 of 2 points \(largest: \+10\.0 %`},
		{"A and B swapped", []string{"--fail-over", "5%", "thursday", "monday"}, 0, `TTFT p50: better at 2 of 2 points`},
		{"failed requests and a failed point", []string{"--fail-over", "5%", "monday", "friday"}, 1, `(?s)failed: worse at 1 of 1 points.*requests: worse at 1 of 1 points`},
		{"A failed and B did not", []string{"--fail-over", "5%", "friday", "monday"}, 0, `requests: better at 1 of 1 points`},
		{"too few requests for a percentile", []string{"monday", "small"}, 0, `TTFT p99 .* inconclusive: needs 662 requests, has 50`},
		{"one baseline on each side, with different names", []string{"monday:flat", "small:other"}, 0, `only A has synthetic at 2 requests/s`},
		{"no point in common", []string{"monday", "elsewhere"}, 1, `nothing to compare: monday and elsewhere have no point in common`},
		{"unknown suite", []string{"monday", "sunday"}, 1, `no folder ROOT/4-latest-results/sunday`},
		{"several wrong arguments", []string{"--fail-over", "some", "--resamples", "3", "monday"}, 2, `(?s)--fail-over: invalid limit "some".*--resamples: got 3.*want two arguments`},
		{"the help", []string{"--help"}, 0, `usage: compare`},
	} {
		t.Run(test.why, func(t *testing.T) {
			got, exit := runCommand(t, root, test.arguments...)
			if exit != test.exit || !regexp.MustCompile(test.want).MatchString(got) {
				t.Errorf("want exit %d and %q; got\n%s", test.exit, test.want, got)
			}
		})
	}
}

// The output for given files never changes, down to the last digit.
func TestTranscript(t *testing.T) {
	got, _ := runCommand(t, writeSuites(t), "--fail-over", "5%", "monday", "thursday")
	got = regexp.MustCompile(`, (VALID|SUSPECT|INVALID)\n`).ReplaceAllString(got, "\n") // the verdict is tested elsewhere
	workloadtest.Golden(t, "thursday.txt", got)
}

// Drawing two order statistics gives the distribution of a whole resample.
func TestResampledPercentileMatchesBootstrap(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 7))
	values := make([]float64, 60)
	for i := range values {
		values[i] = math.Exp(random.NormFloat64())
	}
	slices.Sort(values)
	for _, q := range []float64{0, 0.5, 0.9, 0.99, 1} {
		const resamples = 4_000
		short, whole := make([]float64, resamples), make([]float64, resamples)
		drawn := make([]float64, len(values))
		for i := range resamples {
			short[i] = resampledPercentile(random, values, 100*q)
			for k := range drawn {
				drawn[k] = values[random.IntN(len(values))]
			}
			slices.Sort(drawn)
			whole[i] = metrics.Percentile(drawn, 100*q)
		}
		slices.Sort(short)
		slices.Sort(whole)
		// The two samples' distributions are as close as two of one distribution.
		if distance := kolmogorov(short, whole); distance > 0.045 {
			t.Errorf("q=%g: distance of the distributions %g", q, distance)
		}
	}
}

// kolmogorov returns the largest difference between two cumulative distributions.
func kolmogorov(a, b []float64) (most float64) {
	for _, v := range a {
		below := func(all []float64) float64 {
			n, _ := slices.BinarySearchFunc(all, v, func(x, v float64) int {
				if x <= v {
					return -1
				}
				return 1
			})
			return float64(n) / float64(len(all))
		}
		most = max(most, math.Abs(below(a)-below(b)))
	}
	return most
}

// About 95 % of the intervals of 200 pairs without a difference must contain 0.
func TestIntervalsCoverTruth(t *testing.T) {
	for _, q := range []float64{0.5, 0.9} {
		random := rand.New(rand.NewPCG(3, uint64(q*100)))
		sample := func() []float64 {
			values := make([]float64, 200)
			for i := range values {
				values[i] = random.ExpFloat64() + 1
			}
			slices.Sort(values)
			return values
		}
		covered := 0
		for range 200 {
			a, b := sample(), sample()
			i := bootstrap(200, func() float64 {
				return relative(resampledPercentile(random, a, 100*q), resampledPercentile(random, b, 100*q))
			})
			if i.low <= 0 && 0 <= i.high {
				covered++
			}
		}
		if covered < 180 || covered > 198 {
			t.Errorf("q=%g: %d of 200 intervals contain 0, want about 190", q, covered)
		}
	}
}

func TestRatioOfManyRequests(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	var r ratio
	const n = 20_000
	for i := range n {
		r.add(i, random.ExpFloat64(), 1)
	}
	all := make([]float64, 2000)
	for i := range all {
		all[i] = r.resampled(random)
	}
	slices.Sort(all)
	// A mean of n exponential draws spreads by 1/√n; 95 % lie within 1.96 of that.
	width := (metrics.Percentile(all, 97.5) - metrics.Percentile(all, 2.5)) / 2 * math.Sqrt(n)
	if math.Abs(width-1.96) > 0.1 || math.Abs(r.value()-1) > 0.03 {
		t.Errorf("mean %g, half width of the interval %g/√n; want 1 and 1.96", r.value(), width)
	}
}
