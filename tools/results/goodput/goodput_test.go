package goodput

import (
	"maps"
	"math"
	"testing"
)

func TestParse(t *testing.T) {
	for _, test := range []struct {
		why, text string
		want      Goals
		shown     string // for a reader
		err       string
	}{
		{"several goals", "e2el:2000 ttft:80.5", Goals{"ttft": 80.5, "e2el": 2000}, "TTFT ≤ 80.5 ms, E2EL ≤ 2 s", ""},
		{"the last goal for a metric counts", "ttft:1 ttft:2", Goals{"ttft": 2}, "TTFT ≤ 2 ms", ""},
		{"no goal", " ", Goals{}, "", ""},
		{"vLLM accepts zero", "tpot:0", Goals{"tpot": 0}, "TPOT ≤ 0 ms", ""},
		{"unknown metric", "itl:5", nil, "", `invalid goal "itl:5": want ttft:MS, tpot:MS or e2el:MS`},
		{"not a number", "ttft:soon", nil, "", `invalid goal "ttft:soon": want ttft:MS, tpot:MS or e2el:MS`},
		{"no limit", "ttft", nil, "", `invalid goal "ttft": want ttft:MS, tpot:MS or e2el:MS`},
		{"negative", "ttft:-1", nil, "", `invalid goal "ttft:-1": want ttft:MS, tpot:MS or e2el:MS`},
		{"NaN is not a limit", "ttft:nan", nil, "", `invalid goal "ttft:nan": want ttft:MS, tpot:MS or e2el:MS`},
	} {
		got, err := Parse(test.text)
		if test.err != "" {
			if err == nil || err.Error() != test.err {
				t.Errorf("%s: error %v, want %q", test.why, err, test.err)
			}
			continue
		}
		if err != nil || !maps.Equal(got, test.want) || got.String() != test.shown {
			t.Errorf("%s: got %v, %q, %v; want %v, %q", test.why, map[string]float64(got), got, err, map[string]float64(test.want), test.shown)
		}
	}
}

func TestMet(t *testing.T) {
	goals := Goals{"ttft": 500, "tpot": 50}
	for _, test := range []struct {
		why              string
		ttft, tpot, e2el float64
		want             bool
	}{
		{"within both limits", 0.4, 0.04, 100, true},
		{"exactly at the limits", 0.5, 0.05, 100, true},
		{"too slow to start", 0.501, 0.04, 1, false},
		{"too slow per token", 0.4, 0.0501, 1, false},
		{"an answer of one token has no TPOT", 0.4, math.NaN(), 1, true},
	} {
		if got := goals.Met(test.ttft, test.tpot, test.e2el); got != test.want {
			t.Errorf("%s: Met(%v, %v, %v) = %v, want %v", test.why, test.ttft, test.tpot, test.e2el, got, test.want)
		}
	}
}
