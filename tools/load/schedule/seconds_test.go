package schedule

import (
	"testing"
	"time"
)

func TestSeconds(t *testing.T) {
	for seconds, want := range map[float64]time.Duration{1: time.Second, 1. / 3: 333333333, 0.6666666666666666: 666666667} {
		if got := Seconds(seconds); got != want {
			t.Errorf("%v s is %v, want %v", seconds, got, want)
		}
	}
}
