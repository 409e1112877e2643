package suite

import (
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/LMCache/LMBench/tools/results/metrics"
)

// Failed says why a point has no result.
type Failed struct {
	Cause    string
	Sent     int
	Failures []metrics.Failure
}

// parseFailed reads the text that replaces a result.
func parseFailed(text []byte, path string) (Point, error) {
	point := Point{QPS: math.NaN(), Failed: &Failed{}, Results: noResults(), Session: "unknown"}
	section, errs := "", error(nil)
	for line := range strings.Lines(string(text)) {
		line = strings.TrimRight(line, "\r\n")
		switch {
		case strings.HasPrefix(line, "no result: "):
			point.Failed.Cause = strings.TrimPrefix(line, "no result: ")
		case strings.HasPrefix(line, "at "):
			point.Measured, errs = time.Parse(time.RFC3339, strings.TrimPrefix(line, "at "))
		case strings.HasPrefix(line, "baseline_key "):
			point.Baseline = strings.TrimSpace(strings.TrimPrefix(line, "baseline_key "))
		case strings.HasPrefix(line, "session "):
			point.Session = strings.TrimSpace(strings.TrimPrefix(line, "session "))
		case strings.HasPrefix(line, "requests sent "):
			point.Failed.Sent, _ = strconv.Atoi(strings.TrimSpace(strings.TrimPrefix(line, "requests sent ")))
		case line == "errors" || line == "workload":
			section = line
		case section == "errors":
			point.Failed.add(line)
		case section == "workload":
			name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
			point.parameter(name, value, true)
		}
	}
	if point.Failed.Cause == "" || errs != nil {
		return Point{}, errors.Join(errors.New("not the text of a failed point"), errs)
	}
	if at := slices.IndexFunc(point.Setting, func(p Parameter) bool { return p.Name == "AUTO_UPLOAD" }); at >= 0 {
		point.Setting = point.Setting[:at]
	}
	if point.Baseline == "" {
		point.Baseline = keyOf(path, point.Workload)
	}
	return point, nil
}

func (f *Failed) add(line string) {
	count, text, found := strings.Cut(strings.TrimSpace(line), "  ")
	if n, err := strconv.Atoi(count); err == nil && found {
		f.Failures = append(f.Failures, metrics.Failure{Text: text, Count: n})
	}
}

// parameter adds a pair of the workload.
func (p *Point) parameter(name, value string, own bool) {
	if plain, found := map[string]string{"True": "true", "False": "false", "None": ""}[value]; found {
		value = plain // as in JSON
	}
	switch {
	case name == "":
	case name == "WORKLOAD":
		p.Workload = value
	case name == "QPS" || name == "REQUEST_RATE" && math.IsNaN(p.QPS):
		if qps, err := strconv.ParseFloat(value, 64); err == nil && !math.IsInf(qps, 0) {
			p.QPS = qps
		}
	case own && !slices.Contains(swept, name):
		p.Setting = append(p.Setting, Parameter{name, value})
	}
}

// keyOf returns the key from a file name <KEY>_<WORKLOAD>_<qps>_<time>, for results that do
// not record it.
func keyOf(path, workload string) string {
	name := filepath.Base(path)
	if at := strings.LastIndex(name, "_"+workload+"_"); at >= 0 && workload != "" {
		return name[:at]
	}
	return name
}

// plain returns a JSON value as text.
func plain(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}
