// Package runfile holds what a run knows about a measured point beyond its rows.
// A sweep writes it beside the point's CSV; the summarizer reads it.
package runfile

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/google/renameio/v2"

	"github.com/LMCache/LMBench/tools/data/userfile"
	"github.com/LMCache/LMBench/tools/results/verdict"
)

// Suffix ends the file's name, where the name of the CSV ends in .csv.
const Suffix = ".run.json"

// Run is what a run knows about one measured point. A nil number is not known.
type Run struct {
	// CSVBytes is the size of the CSV that this describes. A CSV of another size
	// was written by another run.
	CSVBytes int64 `json:"csv_bytes,omitzero"`

	SendingSeconds  *float64 `json:"sending_seconds,omitzero"`  // nil: requests were sent until the plan ended
	RequestsPlanned int      `json:"requests_planned,omitzero"` // 0: not known
	OfferedRate     *float64 `json:"offered_rate,omitzero"`     // requests per second that the plan asked for
	Interrupted     bool     `json:"interrupted,omitzero"`      // by a signal
	PointError      string   `json:"point_error,omitzero"`      // why the point could not be measured

	AllUsers     AllUsers `json:"all_users,omitzero"`
	AchievedRate *float64 `json:"achieved_rate,omitzero"` // requests per second, if the workload knows better than its rows

	// Recorded are KEY=VALUE pairs that the workload adds to the result.
	Recorded []string `json:"recorded,omitzero"`

	Facts verdict.Facts `json:"facts,omitzero"`
}

// AllUsers counts what the engine did in the benchmark's duration, also for users
// whose requests have no row.
type AllUsers struct {
	Requests        *int `json:"requests,omitzero"`
	InputTokens     *int `json:"input_tokens,omitzero"`
	GeneratedTokens *int `json:"generated_tokens,omitzero"`
}

// Path returns the name of the run file of a CSV.
func Path(csv string) string { return strings.TrimSuffix(csv, ".csv") + Suffix }

// Write writes the run file of a CSV. A reader never sees half of one.
func Write(csv string, run Run) error {
	info, err := os.Stat(csv)
	if err != nil {
		return err
	}
	run.CSVBytes = info.Size()
	text, err := json.MarshalIndent(run, "", "  ")
	if err != nil {
		return err
	}
	return renameio.WriteFile(Path(csv), append(text, '\n'), 0o644)
}

// Read reads a run file.
func Read(path string) (Run, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return Run{}, err
	}
	var run Run
	if err := json.Unmarshal(userfile.TrimMark(text), &run); err != nil {
		return Run{}, fmt.Errorf("%s: %w", path, err)
	}
	return run, nil
}

// Beside reads the run file beside a CSV. There may be none, which is not an error:
// then the Run is empty. A file that describes a CSV of another size is an error.
func Beside(csv string) (Run, error) {
	run, err := Read(Path(csv))
	if errors.Is(err, fs.ErrNotExist) {
		return Run{}, nil
	}
	if err != nil {
		return Run{}, err
	}
	info, err := os.Stat(csv)
	if err != nil {
		return Run{}, err
	}
	if info.Size() != run.CSVBytes {
		return Run{}, fmt.Errorf("%s describes a CSV of %d bytes, but %s has %d: it is ignored", Path(csv), run.CSVBytes, csv, info.Size())
	}
	return run, nil
}

// Remove removes the run file of a CSV that is about to be written again.
func Remove(csv string) error {
	if err := os.Remove(Path(csv)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
