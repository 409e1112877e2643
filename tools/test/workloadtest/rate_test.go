package workloadtest

import (
	"encoding/json"
	"testing"
	"time"
)

// The achieved rate counts the time in which requests were sent: until the plan
// ended, if that is before the end of the stage.
func TestRateOfAPlanShorterThanItsStage(t *testing.T) {
	for why, last := range map[string]time.Duration{"as long as the stage": 0, "a fifth of it": 2 * time.Second} {
		out := steadyHarness(&steady{seed: 1, last: last}).Run(t)
		if out.Err != nil {
			t.Fatal(out.Err)
		}
		var result struct {
			Results struct {
				Rate float64 `json:"achieved_rate_req_per_s"`
			}
		}
		if err := json.Unmarshal([]byte(out.Read(t, "4-latest-results/suite/key_steady_40_20000101-0000.json")), &result); err != nil {
			t.Fatal(err)
		}
		if rate := result.Results.Rate; rate < 34 || rate > 46 {
			t.Errorf("%s: %.2f requests/s, want about 40", why, rate)
		}
	}
}
