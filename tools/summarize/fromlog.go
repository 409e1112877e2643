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

	"github.com/LMCache/LMBench/tools/results/eventlog"
	"github.com/LMCache/LMBench/tools/results/record"
	"github.com/LMCache/LMBench/tools/results/result"
	"github.com/LMCache/LMBench/tools/results/runfile"
	"github.com/LMCache/LMBench/tools/results/verdict"
)

// fromLog makes a point's CSV again from its event log, and with it what the
// result is made of. The log may be that of a run that was killed.
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
	made, err := os.CreateTemp(filepath.Dir(path), ".from-log-*.csv")
	if err != nil {
		return point, err
	}
	defer os.Remove(made.Name())
	stand, rows, err := rebuild(log, made)
	if tail := (*eventlog.TailError)(nil); errors.As(err, &tail) {
		fmt.Fprintf(stderr, "warning: %s: %v\n", path, err)
		err = nil
	}
	if err := errors.Join(err, made.Chmod(0o644), made.Close()); err != nil {
		return point, fmt.Errorf("%s: %w", path, err)
	}
	point.Root, point.Pairs = root, log.Header.Pairs
	if point.CSV, err = name(made.Name(), strings.TrimSuffix(path, eventlog.Ending)); err != nil {
		return point, err
	}
	fmt.Fprintf(stdout, "%d requests: %s\n", rows, point.CSV)
	if stand.Ended == nil {
		point.Run = cutOff(&stand, rows)
		return point, nil
	}
	point.Pairs = stand.Ended.Pairs
	if stand.Ended.Run != nil { // else the pairs say it
		point.Run = *stand.Ended.Run
	}
	metrics, err := metricsAgain(stand.Ended, path, root)
	if err != nil {
		return point, err
	}
	if metrics != "" {
		fmt.Fprintf(stdout, "metrics: %s\n", metrics)
		point.CSV, point.Requests = metrics, point.CSV
	} else if of := stand.Ended.Of; of != "" {
		fmt.Fprintf(stderr, "warning: %s is not there, which the workload made its figures\n", of)
	}
	return point, nil
}

// metricsAgain is the CSV of metrics of which the run's result was made; empty if
// it was made of the requests, or cannot be had any more. The log's own metrics
// come first: the run's file may be that of another run by now.
func metricsAgain(end *eventlog.End, log, root string) (path string, err error) {
	at := filepath.Join(root, end.Of)
	there := end.Of != "" && filepath.IsLocal(end.Of) && exists(at)
	switch {
	case end.Metrics != "":
	case there:
		return at, nil
	default:
		return "", nil
	}
	made, err := os.CreateTemp(filepath.Dir(log), ".from-log-*.csv")
	if err != nil {
		return "", err
	}
	defer os.Remove(made.Name())
	_, err = made.WriteString(end.Metrics)
	if err := errors.Join(err, made.Chmod(0o644), made.Close()); err != nil {
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
		stem += "_metrics" // the requests have that name
	}
	return name(made.Name(), stem)
}

// byRequests tells what a result of vLLM's workload has otherwise if it is made of
// the requests: their metrics are made at a run's end.
func byRequests(point *result.Options, stderr io.Writer) {
	vllm := func(pair string) bool { return strings.HasPrefix(pair, "WORKLOAD=vllm_") }
	if point.Requests == "" && slices.ContainsFunc(point.Pairs, vllm) {
		fmt.Fprintln(stderr, "warning: the log has no metrics by vLLM's definitions, which a run makes at its end: the result is made of the requests by LMBench's"+
			" (ttft_ms to the first text, itl_ms end-to-end time per token, rates rounded), and has no lmbench_definitions_ms")
	}
}

// rebuild writes the rows, as far as the log is sound.
func rebuild(log *eventlog.Reader, to io.Writer) (stand eventlog.State, rows int, err error) {
	out, err := record.NewWriter(to, log.Header.Layout)
	if err != nil {
		return stand, 0, err
	}
	for {
		event, err := log.Next()
		if err == io.EOF {
			return stand, rows, nil
		}
		if err != nil {
			return stand, rows, err
		}
		stand.Add(event)
		if request, is := event.(*eventlog.Request); is {
			rows++
			if err := out.Write(request.Row); err != nil {
				return stand, rows, err
			}
		}
	}
}

// cutOff is what a run that did not come to its end cannot say any more. What
// was under way has no row and counts as cancelled.
func cutOff(stand *eventlog.State, rows int) runfile.Run {
	killed := len(stand.InFlight())
	return runfile.Run{Interrupted: true, Facts: verdict.Facts{
		Interrupted: verdict.LogCutOff,
		Ledger:      verdict.Accounting{Planned: new(rows + killed), Sent: &rows, Killed: killed},
	}}
}

// name gives a rebuilt CSV the run's own name, unless another CSV has it: that of
// a run that was killed may have more than the log.
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

// equal compares two files.
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
