package workloadtest

import (
	"encoding/json"
	"testing"
	"time"
)

// A rate is that of the time in which requests were sent: to the end of the plan,
// where that comes before the end of the stage.
func TestTheRateOfAPlanThatEndsFirst(t *testing.T) {
	for why, last := range map[string]time.Duration{"as long as the stage": 0, "a fifth of it": 2 * time.Second} {
		out := steadyBench(&steady{seed: 1, last: last}).Run(t)
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
