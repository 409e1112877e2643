package schedule

import (
	"os"
	"runtime/debug"
)

// Prepare sets the process up for sending on time. Garbage collections are few:
// one takes a quarter of the processors for some milliseconds, in which requests
// leave and chunks are seen late. A heap may grow to nine times what is in use,
// instead of two, before there is one: at 1,000 requests/s of 20 chunks that is
// one in 10 s instead of five a second. Long before memory runs short they come
// more often. GOGC and GOMEMLIMIT have the last word.
//
// GOMAXPROCS stays as it is: the alarm waits in the runtime's own poll and holds
// no thread that another would have to stand in for.
func Prepare() {
	const percent = 800
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(percent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		if free := available(); free > 0 {
			debug.SetMemoryLimit(free / 2)
		}
	}
}
