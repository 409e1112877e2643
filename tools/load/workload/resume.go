package workload

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/LMCache/LMBench/tools/load/schedule"
	"github.com/LMCache/LMBench/tools/results/eventlog"
	"github.com/LMCache/LMBench/tools/results/metrics"
)

// resumed is a point, measured now unless --resume is given and an earlier run
// has measured it.
func (s *sweep) resumed(text string) point {
	p := point{text: text}
	if slices.Contains(s.args.Points, text) {
		if p.err = s.w.Point.Value.Set(text); p.err != nil {
			return p
		}
	}
	stages := s.w.Stages(false) // of every point: the next one's users are not this one's
	if s.w.Common.Resume {
		was, measured, why := s.earlier(text)
		if measured {
			fmt.Fprintf(s.world.Stderr, "%s %s is measured already: %s\n", s.w.Point.Name, text, was.result)
			return was
		}
		if why != "" {
			fmt.Fprintf(s.world.Stderr, "%s %s is measured again: %s\n", s.w.Point.Name, text, why)
		}
	}
	return s.point(p, stages)
}

// earlier is the point as a run before this one left it; false if it has to be
// measured, and why, if that run got to it.
func (s *sweep) earlier(text string) (p point, measured bool, why string) {
	logs, err := s.logs(text)
	if err != nil {
		return p, false, err.Error()
	}
	for _, log := range logs {
		was, measured, not := s.recalled(text, log)
		if measured {
			return was, true, ""
		}
		if why == "" { // the newest that there is
			why = not
		}
	}
	return point{text: text}, false, why
}

// logs are where runs before this one may have left a point's log, the newest first.
func (s *sweep) logs(text string) ([]string, error) {
	own := filepath.Join(s.world.Root, s.csv(text))
	logs := []string{logPath(own)}
	if s.w.Earlier == nil {
		return logs, nil
	}
	entries, err := os.ReadDir(filepath.Dir(own))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, entry := range slices.Backward(entries) { // their names have a stamp
		name, of := strings.CutPrefix(entry.Name(), s.w.Common.Key+"_")
		name, is := strings.CutSuffix(name, eventlog.Ending)
		path := filepath.Join(filepath.Dir(own), entry.Name())
		if of && is && path != logs[0] && s.w.Earlier(text, name) {
			logs = append(logs, path)
		}
	}
	return logs, nil
}

// recalled is the point as a log has it.
func (s *sweep) recalled(text, log string) (p point, measured bool, why string) {
	p.text = text
	header, stand, figures, err := recall(log)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return p, false, ""
	case err != nil:
		return p, false, err.Error()
	case stand.Ended == nil:
		return p, false, "it was cut off"
	case stand.Result == nil:
		return p, false, "it has no result"
	}
	if why := difference(header.Identity, s.identity(text)); why != "" {
		return p, false, why
	}
	if _, err := os.Stat(filepath.Join(s.world.Root, stand.Result.Path)); err != nil {
		return p, false, err.Error()
	}
	run := stand.Ended.Known()
	if run.Interrupted {
		return p, false, "it was interrupted"
	}
	if run.OfferedRate != nil {
		p.stage.Offered = *run.OfferedRate
	}
	if run.AchievedRate != nil {
		p.achieved = *run.AchievedRate
	}
	if run.SendingSeconds != nil {
		p.sending = schedule.Seconds(*run.SendingSeconds)
	}
	p.figures, p.result, p.verdict = figures, stand.Result.Path, s.verdict(stand.Result.Path)
	return p, true, ""
}

// recall reads a log.
func recall(path string) (header eventlog.Header, stand eventlog.Stand, figures metrics.Figures, err error) {
	file, err := os.Open(path)
	if err != nil {
		return header, stand, figures, err
	}
	defer file.Close()
	log, err := eventlog.NewReader(file)
	if err != nil {
		return header, stand, figures, err
	}
	var tally metrics.Accumulator
	for {
		event, err := log.Next()
		if err == io.EOF {
			return log.Header, stand, tally.Figures(), nil
		}
		if err != nil {
			return header, stand, figures, err
		}
		stand.Add(event)
		if request, is := event.(*eventlog.Request); is {
			tally.Add(&request.Row)
		}
	}
}

// identity is what a point has in common with the same point of another run:
// all that it is made with, but neither the run's own name nor what was drawn.
func (s *sweep) identity(text string) []string {
	apart := []string{"LMBENCH_SESSION_ID", "LOG_INTERVAL", "AUTO_UPLOAD", "API_URL", "VERIFY", "STRICT_VERDICT"}
	for _, param := range s.w.params() {
		if param.FromClock() {
			apart = append(apart, param.Key())
		}
	}
	return slices.DeleteFunc(logged(s.known(text)), func(pair string) bool {
		key, _, _ := strings.Cut(pair, "=")
		return slices.Contains(apart, key)
	})
}

// difference says what two identities do not have in common; "": nothing.
func difference(was, is []string) string {
	for _, pair := range is {
		if slices.Contains(was, pair) {
			continue
		}
		key, value, _ := strings.Cut(pair, "=")
		for _, old := range was {
			if before, same := strings.CutPrefix(old, key+"="); same {
				return fmt.Sprintf("%s was %s and is %s", key, before, value)
			}
		}
		return fmt.Sprintf("%s is %s", key, value)
	}
	if len(was) > len(is) {
		return "it was measured with other parameters"
	}
	return ""
}
