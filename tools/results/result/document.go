package result

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"path/filepath"
	"time"

	"github.com/LMCache/LMBench/tools/results/spec"
)

// document returns the whole JSON.
func (p *point) document(root string, workload spec.Map, now time.Time) (document spec.Map, warnings []string) {
	infra, err := infrastructure(root)
	if err != nil {
		warnings = append(warnings, fmt.Sprintf("infra is empty: %v", err))
	}
	name, serving, err := p.serving(root)
	if err != nil {
		warnings = append(warnings, fmt.Sprintf("serving is empty: %v", err))
	}
	if p.computed && !math.IsNaN(number(p.qps)) { // LMBench's plots sort by it
		workload.Set("QPS", p.qps)
	}
	return spec.Map{
		{Key: "name", Value: name},
		{Key: "lmbench-session-id", Value: p.given("LMBENCH_SESSION_ID")},
		{Key: "timestamp", Value: stamp(now)},
		{Key: "results", Value: p.results()},
		{Key: "infra", Value: infra},
		{Key: "serving", Value: serving},
		{Key: "workload", Value: workload},
		{Key: "baseline_key", Value: p.text("KEY")},
		{Key: "timestamp_utc", Value: now.UTC().Format(time.RFC3339)},
	}, warnings
}

// infrastructure is empty without run-bench.yaml: outside LMBench there is no
// infrastructure to describe.
func infrastructure(root string) (spec.Map, error) {
	bench, err := spec.Read(filepath.Join(root, "run-bench.yaml"))
	if errors.Is(err, fs.ErrNotExist) {
		return spec.Map{}, nil
	}
	if err != nil {
		return spec.Map{}, err
	}
	return spec.Infrastructure(bench)
}

// serving returns what the spec file says about the baseline, and the suite's name, which
// is NAME if the spec has none. Stage 3 of run-bench.py has no baseline and gives None as
// its index.
func (p pairs) serving(root string) (name any, serving spec.Map, err error) {
	name, serving = p.given("NAME"), spec.Map{}
	path := p.value("SPEC_FILE_PATH")
	if path == nil || path == "" {
		return name, serving, nil
	}
	file := text(path)
	if !filepath.IsAbs(file) {
		file = filepath.Join(root, file)
	}
	bench, err := spec.Read(file)
	if err != nil {
		return name, serving, err
	}
	if given := spec.Name(bench); given != nil {
		name = given
	}
	switch index := p.value("SERVING_INDEX").(type) {
	case nil:
	case int64:
		serving, err = spec.Serving(bench, int(index))
	default:
		err = fmt.Errorf("SERVING_INDEX=%s is not an integer", text(index))
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", file, err)
	}
	return name, serving, err
}
