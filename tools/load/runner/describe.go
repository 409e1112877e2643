package runner

import (
	"strings"

	"github.com/LMCache/LMBench/tools/load/output"
	"github.com/LMCache/LMBench/tools/redact"
	"github.com/LMCache/LMBench/tools/results/eventlog"
	"github.com/LMCache/LMBench/tools/results/runfile"
)

// known returns what is known about a point before it is measured, as KEY=VALUE:
// LMBench's own pairs in its order, then all other parameters.
func (s *session) known(text string) []string {
	c := s.common
	var pairs, script []string
	if s.args.Sweep {
		pairs = []string{"NAME=" + c.Name, "KEY=" + c.Key}
		script = []string{"SERVING_INDEX=" + c.ServingIndex, "SPEC_FILE_PATH=" + c.Spec, "LMBENCH_SESSION_ID=" + c.Session,
			"AUTO_UPLOAD=" + s.variable("LMBENCH_AUTO_UPLOAD", "false"),
			"API_URL=" + s.variable("LMBENCH_API_URL", "http://localhost:3001/upload")}
	}
	pairs = append(pairs, "WORKLOAD="+s.workload.Name)
	for _, key := range s.workload.ResultKeys {
		if value, known := s.value(key, text); known {
			pairs = append(pairs, key+"="+value)
		}
	}
	pairs = append(append(pairs, script...), "MODEL="+c.Model, "BASE_URL="+c.BaseURL)
	for _, param := range s.workload.AllParams() {
		if !s.workload.TakesPosition(&param) && !param.NotRecorded && !param.Secret {
			pairs = append(pairs, param.Key()+"="+param.Value.String())
		}
	}
	if s.env.Version != "" {
		pairs = append(pairs, versionKey+"="+s.env.Version)
	}
	return pairs
}

// versionKey is the key of the version that measured a point.
const versionKey = "LMBENCH_VERSION"

// value returns the value of one of the workload's ResultKeys.
func (s *session) value(key, point string) (value string, known bool) {
	if s.workload.ResultValues != nil {
		if value, known = s.workload.ResultValues(point)[key]; known {
			return value, value != ""
		}
	}
	if key == s.workload.Point.Name {
		return point, true
	}
	if value, known = s.args.Positional[key]; known || s.args.Sweep {
		return value, known
	}
	for _, param := range s.workload.AllParams() {
		if param.Name == key {
			return param.Value.String(), true
		}
	}
	return "", false
}

// variable returns an environment variable, or a default if it is empty.
func (s *session) variable(name, absent string) string {
	if text := s.env.Getenv(name); text != "" {
		return text
	}
	return absent
}

// describe returns what the run knows about a point beyond its rows. It notes the
// achieved rate in the point if the workload knows better than the rows.
func (s *session) describe(p *point, failure error) runfile.Run {
	run := runfile.Run{Interrupted: p.interrupted || failure != nil && s.interrupt.interrupted()}
	if p.sending > 0 {
		run.SendingSeconds = new(p.sending.Seconds())
	}
	if p.stage.Planned > 0 && !run.Interrupted {
		run.RequestsPlanned = p.stage.Planned
	}
	if p.stage.Offered > 0 {
		run.OfferedRate = &p.stage.Offered
	}
	if failure != nil {
		run.PointError = output.OneLine(failure)
		return run
	}
	run.Facts = p.facts
	if s.workload.Describe != nil {
		s.workload.Describe(&run)
	}
	if run.AchievedRate != nil {
		p.achieved = *run.AchievedRate
	}
	return run
}

// end returns the end of the event log: what the point was measured with and what
// the run knows about it, without secrets.
func (s *session) end(p *point, failure error) eventlog.End {
	run := s.describe(p, failure)
	run.PointError, run.Recorded = redact.URLs(run.PointError), withoutSecrets(run.Recorded)
	return eventlog.End{Pairs: withoutSecrets(s.known(p.text)), Run: &run}
}

// withoutSecrets returns KEY=VALUE pairs without credentials.
func withoutSecrets(pairs []string) []string {
	var kept []string
	for _, pair := range pairs {
		if key, _, _ := strings.Cut(pair, "="); !redact.IsSecret(key) {
			kept = append(kept, redact.URLs(pair))
		}
	}
	return kept
}
