// Package suite reads the measured points of a suite from the files that summarize wrote.
//
// A point is identified by what its result recorded, never by its file name: LMBench's own
// comparison cuts the name at underscores and mixes up baselines.
package suite

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/LMCache/LMBench/tools/results/runfile"
	"github.com/LMCache/LMBench/tools/results/verdict"
)

// Point is one measurement: a result, or the reasons why it has no result.
type Point struct {
	Path     string // of the JSON or the _failed.txt
	Session  string
	Baseline string // the recorded key of what was measured
	Workload string
	Setting  Setting
	QPS      float64 // requests per second, the swept rate; NaN if the point has no rate
	Measured time.Time
	Results  Results
	Verdict  verdict.Verdict
	Failed   *Failed // nil for a result
}

// Setting has the parameters of a workload, without those that a sweep varies.
type Setting []Parameter

// Parameter is a parameter as text.
type Parameter struct{ Name, Value string }

// swept lists the parameters that sweeps vary.
var swept = []string{"QPS", "REQUEST_RATE", "NEW_USER_INTERVAL", "TIME_BETWEEN_REQUESTS_PER_USER", "TIME_SCALE"}

// String returns the parameters as they were given: NUM_USERS=10 NUM_ROUNDS=5.
func (s Setting) String() string {
	texts := make([]string, len(s))
	for i, p := range s {
		texts[i] = p.Name + "=" + p.Value
	}
	return strings.Join(texts, " ")
}

// Unreadable is a result file that could not be parsed.
type Unreadable struct {
	Path string
	Err  error
}

// Read returns the selected points in the order in which they were measured, and the result
// files that could not be parsed. Other files are ignored.
func Read(s Selection) (points []Point, unreadable []Unreadable, err error) {
	entries, err := os.ReadDir(s.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("no folder %s: SUITE must be a folder, or the name of one in 4-latest-results", s.Dir)
	}
	if err != nil {
		return nil, nil, err
	}
	for _, entry := range entries {
		path := filepath.Join(s.Dir, entry.Name())
		point, is, err := read(path)
		switch {
		case err != nil:
			unreadable = append(unreadable, Unreadable{path, err})
		case is && s.wants(&point):
			points = append(points, point)
		}
	}
	slices.SortStableFunc(points, func(a, b Point) int { return a.Measured.Compare(b.Measured) })
	return points, unreadable, nil
}

// read reads a point, and reports whether the file is one.
func read(path string) (point Point, is bool, err error) {
	name := filepath.Base(path)
	parse := parseResult
	switch {
	case strings.HasSuffix(name, "_comparison.json"), // of LMBench's visualizer
		strings.HasSuffix(name, runfile.Suffix):
		return Point{}, false, nil
	case strings.HasSuffix(name, ".json"):
	case strings.Contains(name, "_failed") && strings.HasSuffix(name, ".txt"):
		parse = parseFailed
	default:
		return Point{}, false, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return Point{}, false, err
	}
	point, err = parse(text, path)
	point.Path = path
	return point, err == nil, err
}

// Stem returns the file name without its ending.
func (p *Point) Stem() string {
	name := filepath.Base(p.Path)
	return strings.TrimSuffix(name, filepath.Ext(name))
}
