package runner

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/LMCache/LMBench/tools/load/output"
	"github.com/LMCache/LMBench/tools/load/schedule"
	"github.com/LMCache/LMBench/tools/results/eventlog"
	"github.com/LMCache/LMBench/tools/results/metrics"
)

// resume returns a point as an earlier run measured it. If no run did, why is the
// reason why the newest attempt cannot be used, or empty if there was no attempt.
func (s *sweep) resume(text string) (p point, found bool, why string) {
	logs, err := s.earlierLogs(text)
	if err != nil {
		return p, false, err.Error()
	}
	for _, log := range logs { // the newest first
		p, found, reason := s.fromLog(text, log)
		if found {
			return p, true, ""
		}
		if why == "" {
			why = reason
		}
	}
	return point{text: text}, false, why
}

// earlierLogs returns where earlier runs may have left a point's event log, the
// newest first.
func (s *sweep) earlierLogs(text string) ([]string, error) {
	own := s.path(s.csv(text))
	logs := []string{output.LogPath(own)}
	if s.workload.Earlier == nil {
		return logs, nil
	}
	entries, err := os.ReadDir(filepath.Dir(own))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, entry := range slices.Backward(entries) { // names contain a time
		name, ofBaseline := strings.CutPrefix(entry.Name(), s.common.Key+"_")
		name, isLog := strings.CutSuffix(name, eventlog.Ending)
		path := filepath.Join(filepath.Dir(own), entry.Name())
		if ofBaseline && isLog && path != logs[0] && s.workload.Earlier(text, name) {
			logs = append(logs, path)
		}
	}
	return logs, nil
}

// fromLog returns the point in an event log, or why it cannot be used.
func (s *sweep) fromLog(text, path string) (p point, found bool, why string) {
	log, err := readLog(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return p, false, ""
	case err != nil:
		return p, false, err.Error()
	case log.state.Ended == nil:
		return p, false, "its log was cut off"
	case log.state.Result == nil:
		return p, false, "it has no result"
	}
	if why := difference(log.header.Identity, s.identity(text)); why != "" {
		return p, false, why
	}
	if _, err := os.Stat(s.path(log.state.Result.Path)); err != nil {
		return p, false, err.Error()
	}
	run := log.state.Ended.Known()
	if run.Interrupted {
		return p, false, "it was interrupted"
	}
	p = point{text: text, result: log.state.Result.Path, verdict: s.readVerdict(log.state.Result.Path)}
	p.figures = log.figures
	if run.OfferedRate != nil {
		p.stage.Offered = *run.OfferedRate
	}
	if run.AchievedRate != nil {
		p.achieved = *run.AchievedRate
	}
	if run.SendingSeconds != nil {
		p.sending = schedule.Seconds(*run.SendingSeconds)
	}
	return p, true, ""
}

// loggedPoint is what an event log contains.
type loggedPoint struct {
	header  eventlog.Header
	state   eventlog.State
	figures metrics.Figures
}

// readLog reads an event log to its end.
func readLog(path string) (*loggedPoint, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	log, err := eventlog.NewReader(file)
	if err != nil {
		return nil, err
	}
	p := &loggedPoint{header: log.Header}
	var rows metrics.Accumulator
	for {
		event, err := log.Next()
		if errors.Is(err, io.EOF) {
			p.figures = rows.Figures()
			return p, nil
		}
		if err != nil {
			return nil, err
		}
		p.state.Add(event)
		if request, is := event.(*eventlog.Request); is {
			rows.Add(&request.Row)
		}
	}
}

// identity returns the pairs that a point has in common with the same point of
// another run. It omits the run's own name, the version and seeds from the clock.
func (s *sweep) identity(text string) []string {
	omitted := []string{"LMBENCH_SESSION_ID", "LOG_INTERVAL", "AUTO_UPLOAD", "API_URL", "VERIFY", "STRICT_VERDICT", versionKey}
	for _, param := range s.workload.AllParams() {
		if param.FromClock() {
			omitted = append(omitted, param.Key())
		}
	}
	return slices.DeleteFunc(withoutSecrets(s.known(text)), func(pair string) bool {
		key, _, _ := strings.Cut(pair, "=")
		return slices.Contains(omitted, key)
	})
}

// difference returns the first difference between two identities; empty: they are
// equal.
func difference(earlier, now []string) string {
	for _, pair := range now {
		if slices.Contains(earlier, pair) {
			continue
		}
		key, value, _ := strings.Cut(pair, "=")
		for _, other := range earlier {
			if before, same := strings.CutPrefix(other, key+"="); same {
				return fmt.Sprintf("%s was %s and is %s", key, before, value)
			}
		}
		return fmt.Sprintf("%s is %s", key, value)
	}
	if len(earlier) > len(now) {
		return "it was measured with other parameters"
	}
	return ""
}
