package workload

import (
	"slices"
	"strconv"
	"strings"

	"github.com/LMCache/LMBench/tools/load/params"
	"github.com/LMCache/LMBench/tools/results/spec"
)

// pairs is what the result says of the point.
func (s *sweep) pairs(p *point, failed error) []string {
	return append(s.known(p.text), s.proof(p, failed)...)
}

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

// proof is what the CSV alone cannot tell of the point.
func (s *sweep) proof(p *point, failed error) []string {
	var pairs []string
	interrupted := p.interrupted || failed != nil && s.interrupt.interrupted()
	if p.sending > 0 {
		pairs = append(pairs, "SENDING_SECONDS="+params.FormatFloat(p.sending.Seconds()))
	}
	if p.stage.Planned > 0 && !interrupted {
		pairs = append(pairs, "REQUESTS_PLANNED="+strconv.Itoa(p.stage.Planned))
	}
	if p.stage.Offered > 0 {
		pairs = append(pairs, "OFFERED_RATE="+params.FormatFloat(p.stage.Offered))
	}
	if interrupted {
		pairs = append(pairs, "INTERRUPTED=True")
	}
	if failed != nil {
		return append(pairs, "POINT_ERROR="+failure(failed))
	}
	pairs = append(pairs, p.facts.Pairs()...)
	if s.w.Proof != nil {
		pairs = append(pairs, s.w.Proof()...)
	}
	for _, pair := range pairs {
		if rate, found := strings.CutPrefix(pair, "ACHIEVED_RATE="); found {
			p.achieved, _ = strconv.ParseFloat(rate, 64) // 0 if it is none
		}
	}
	return pairs
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
			pairs[i] = spec.Shown(pair)
		}
	}
	return pairs
}
