package workload

import (
	"slices"
	"strings"

	"github.com/LMCache/LMBench/tools/redact"
	"github.com/LMCache/LMBench/tools/results/eventlog"
	"github.com/LMCache/LMBench/tools/results/runfile"
)

// known is what can be said of a point before it is measured: the original's
// pairs in its order, then every other value used.
func (s *sweep) known(point string) []string {
	c := s.w.Common
	var pairs, script []string
	if s.args.Sweep {
		pairs = []string{"NAME=" + c.Name, "KEY=" + c.Key}
		script = []string{"SERVING_INDEX=" + c.ServingIndex, "SPEC_FILE_PATH=" + c.Spec, "LMBENCH_SESSION_ID=" + c.Session,
			"AUTO_UPLOAD=" + s.environment("LMBENCH_AUTO_UPLOAD", "false"),
			"API_URL=" + s.environment("LMBENCH_API_URL", "http://localhost:3001/upload")}
	}
	pairs = append(pairs, "WORKLOAD="+s.w.Name)
	for _, name := range s.w.Pairs {
		if text, known := s.text(name, point); known {
			pairs = append(pairs, name+"="+text)
		}
	}
	pairs = append(append(pairs, script...), "MODEL="+c.Model, "BASE_URL="+c.BaseURL)
	for _, param := range s.w.params() {
		if !s.w.takesPosition(&param) && !param.NotRecorded && !param.Secret {
			pairs = append(pairs, param.Key()+"="+param.Value.String())
		}
	}
	return pairs
}

// text is what a pair of the original holds.
func (s *sweep) text(name, point string) (text string, known bool) {
	if s.w.Values != nil {
		if text, known = s.w.Values(point)[name]; known {
			return text, text != ""
		}
	}
	if name == s.w.Point.Name {
		return point, true
	}
	if text, known = s.args.Positional[name]; known || s.args.Sweep {
		return text, known
	}
	for _, param := range s.w.params() {
		if param.Name == name {
			return param.Value.String(), true
		}
	}
	return "", false
}

// describe returns what the run knows about a point beyond its rows, and notes the
// achieved rate if the workload knows better than its rows.
func (s *sweep) describe(p *point, failed error) runfile.Run {
	run := runfile.Run{Interrupted: p.interrupted || failed != nil && s.interrupt.interrupted()}
	if p.sending > 0 {
		run.SendingSeconds = new(p.sending.Seconds())
	}
	if p.stage.Planned > 0 && !run.Interrupted {
		run.RequestsPlanned = p.stage.Planned
	}
	if p.stage.Offered > 0 {
		run.OfferedRate = &p.stage.Offered
	}
	if failed != nil {
		run.PointError = failure(failed)
		return run
	}
	run.Facts = p.facts
	if s.w.Describe != nil {
		s.w.Describe(&run)
	}
	if run.AchievedRate != nil {
		p.achieved = *run.AchievedRate
	}
	return run
}

// end is the event log's end: what the point was measured with and what the run
// knows about it, without secrets.
func (s *sweep) end(p *point, failed error) eventlog.End {
	run := s.describe(p, failed)
	run.PointError, run.Recorded = redact.URLs(run.PointError), logged(run.Recorded)
	return eventlog.End{Pairs: logged(s.known(p.text)), Run: &run}
}

func (s *sweep) environment(name, absent string) string {
	if text := s.world.Getenv(name); text != "" {
		return text
	}
	return absent
}

// public are the pairs as they may stand on a command line, which everybody on the
// machine can read. The summarizer finds what API_URL hides in the environment.
func public(pairs []string) []string {
	pairs = slices.Clone(pairs)
	for i, pair := range pairs {
		if strings.HasPrefix(pair, "API_URL=") {
			pairs[i] = redact.URLs(pair)
		}
	}
	return pairs
}
