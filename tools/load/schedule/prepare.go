package schedule

import (
	"os"
	"runtime/debug"
	"sync/atomic"
)

const (
	percent = 800      // what a heap may grow by, of what is in use
	most    = 64 << 20 // bytes of ballast
)

// ballast counts as memory in use, though none of it is ever touched: the
// system gives none for it.
var ballast atomic.Pointer[[]byte]

// Prepare sets the process up for sending on time. Garbage collections are few:
// one takes a quarter of the processors for some milliseconds, in which requests
// leave and chunks are seen late, and stops all for up to a millisecond where
// another process has the processor that it waits for. A heap may grow to nine
// times what is in use, ballast included, before there is one. So the first
// comes after 600 MB, where there is plenty of memory: more than a point of
// 1,000 requests/s for a minute takes. Long before memory runs short they come
// more often.
// GOGC and GOMEMLIMIT have the last word.
//
// GOMAXPROCS stays as it is: the alarm waits in the runtime's own poll and holds
// no thread that another would have to stand in for.
func Prepare() {
	free := available()
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(percent)
		untouched := make([]byte, min(free/128, most)) // nine times it is a fourteenth of what is free
		ballast.Store(&untouched)
	}
	if os.Getenv("GOMEMLIMIT") == "" && free > 0 {
		debug.SetMemoryLimit(free / 2)
	}
}
