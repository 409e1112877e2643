package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/renameio/v2"

	"github.com/LMCache/LMBench/tools/results/eventlog"
	"github.com/LMCache/LMBench/tools/results/record"
	"github.com/LMCache/LMBench/tools/results/result"
	"github.com/LMCache/LMBench/tools/results/runfile"
	"github.com/LMCache/LMBench/tools/results/verdict"
)

// fromLog restores a point's CSV from its event log, and with it what the result is made
// of. The log may be that of a run that was killed.
func fromLog(path, root string, stdout, stderr io.Writer) (point result.Options, err error) {
	file, err := os.Open(path)
	if err != nil {
		return point, err
	}
	defer file.Close()
	log, err := eventlog.NewReader(file)
	if err != nil {
		return point, fmt.Errorf("%s: %w", path, err)
	}
	csv, err := newFile(strings.TrimSuffix(path, eventlog.Ending))
	if err != nil {
		return point, err
	}
	defer csv.Cleanup()
	state, rows, err := rebuild(log, csv)
	if tail := (*eventlog.TailError)(nil); errors.As(err, &tail) {
		fmt.Fprintf(stderr, "warning: %s: %v\n", path, err)
		err = nil
	}
	if err := errors.Join(err, csv.Sync()); err != nil {
		return point, fmt.Errorf("%s: %w", path, err)
	}
	point.Root, point.Pairs = root, log.Header.Pairs
	if point.CSV, err = name(csv.Name(), strings.TrimSuffix(path, eventlog.Ending)); err != nil {
		return point, err
	}
	fmt.Fprintf(stdout, "%d requests: %s\n", rows, point.CSV)
	if state.Ended == nil {
		point.Run = cutOff(&state, rows)
		return point, nil
	}
	point.Pairs = state.Ended.Pairs
	if state.Ended.Run != nil { // else the pairs say it
		point.Run = *state.Ended.Run
	}
	metrics, err := restoreMetrics(state.Ended, path, root)
	if err != nil {
		return point, err
	}
	if metrics != "" {
		fmt.Fprintf(stdout, "metrics: %s\n", metrics)
		point.CSV, point.Requests = metrics, point.CSV
	} else if of := state.Ended.Of; of != "" {
		fmt.Fprintf(stderr, "warning: %s is missing; the workload computed its figures from it\n", of)
	}
	return point, nil
}

// restoreMetrics returns the CSV of metrics that the run's result was made of. It is empty
// if the result was made of the requests, or if the metrics are lost. The log's own
// metrics come first, because a later run may have replaced the file.
func restoreMetrics(end *eventlog.End, log, root string) (path string, err error) {
	at := filepath.Join(root, end.Of)
	there := end.Of != "" && filepath.IsLocal(end.Of) && exists(at)
	switch {
	case end.Metrics != "":
	case there:
		return at, nil
	default:
		return "", nil
	}
	made, err := newFile(strings.TrimSuffix(log, eventlog.Ending))
	if err != nil {
		return "", err
	}
	defer made.Cleanup()
	_, err = made.WriteString(end.Metrics)
	if err := errors.Join(err, made.Sync()); err != nil {
		return "", fmt.Errorf("%s: %w", log, err)
	}
	if there {
		if same, err := equal(made.Name(), at); same || err != nil {
			return at, err
		}
	}
	requests := strings.TrimSuffix(log, eventlog.Ending)
	stem := filepath.Join(filepath.Dir(log), strings.TrimSuffix(filepath.Base(end.Of), ".csv"))
	if stem == requests {
		stem += "_metrics" // the requests have this name
	}
	return name(made.Name(), stem)
}

// warnWithoutMetrics explains how the result of vLLM's workload differs if it is made of
// the requests, because the run ended before it computed its metrics.
func warnWithoutMetrics(point *result.Options, stderr io.Writer) {
	vllm := func(pair string) bool { return strings.HasPrefix(pair, "WORKLOAD=vllm_") }
	if point.Requests == "" && slices.ContainsFunc(point.Pairs, vllm) {
		fmt.Fprintln(stderr, "warning: the log has no metrics by vLLM's definitions, which a run computes at its end: the result is computed from the requests by LMBench's definitions"+
			" (ttft_ms to the first text, itl_ms end-to-end time per token, rates rounded), and has no lmbench_definitions_ms")
	}
}

// rebuild writes the rows, as far as the log is intact.
func rebuild(log *eventlog.Reader, to io.Writer) (state eventlog.State, rows int, err error) {
	out, err := record.NewWriter(to, log.Header.Layout)
	if err != nil {
		return state, 0, err
	}
	for {
		event, err := log.Next()
		if err == io.EOF {
			return state, rows, nil
		}
		if err != nil {
			return state, rows, err
		}
		state.Add(event)
		if request, is := event.(*eventlog.Request); is {
			rows++
			if err := out.Write(request.Row); err != nil {
				return state, rows, err
			}
		}
	}
}

// cutOff returns what is known of a run that was killed. Requests in flight have no row
// and count as cancelled.
func cutOff(state *eventlog.State, rows int) runfile.Run {
	killed := len(state.InFlight())
	return runfile.Run{Interrupted: true, Facts: verdict.Facts{
		Interrupted: verdict.LogCutOff,
		Ledger:      verdict.Accounting{Planned: new(rows + killed), Sent: &rows, Killed: killed},
	}}
}

// newFile returns a temporary file that name moves to its place.
func newFile(stem string) (*renameio.PendingFile, error) {
	return renameio.NewPendingFile(stem+".csv", renameio.WithTempDir(filepath.Dir(stem)), renameio.WithPermissions(0o644))
}

// name gives a restored CSV the name that it had in the run, unless a different CSV has
// that name: after a kill, the run's CSV may have more rows than the log.
func name(made, stem string) (string, error) {
	path := stem + ".csv"
	same, err := equal(made, path)
	switch {
	case same:
		return path, nil
	case err == nil:
		path = stem + "_from_log.csv"
	case !errors.Is(err, fs.ErrNotExist):
		return path, err
	}
	return path, os.Rename(made, path)
}

// equal reports whether two files have the same content.
func equal(a, b string) (bool, error) {
	second, err := os.Open(b)
	if err != nil {
		return false, err
	}
	defer second.Close()
	first, err := os.Open(a)
	if err != nil {
		return false, err
	}
	defer first.Close()
	const block = 1 << 16
	one, other := make([]byte, block), make([]byte, block)
	for {
		n, errOne := io.ReadFull(first, one)
		m, errOther := io.ReadFull(second, other)
		if !bytes.Equal(one[:n], other[:m]) {
			return false, nil
		}
		if errOne != nil || errOther != nil {
			return ended(errOne) && ended(errOther), nil
		}
	}
}

func ended(err error) bool { return err == io.EOF || err == io.ErrUnexpectedEOF }

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
