package schedule

import (
	"os"
	"runtime/debug"
	"sync/atomic"
)

const (
	gcPercent  = 800      // growth of the heap between two collections, in percent
	maxBallast = 64 << 20 // bytes
)

// ballast counts as heap in use. It is never touched, so it takes no physical memory.
var ballast atomic.Pointer[[]byte]

// Prepare reduces the number of garbage collections, so that requests leave on time. A
// collection takes a quarter of the CPUs for some milliseconds, which delays requests
// and the timestamps of chunks. It also stops the process for up to a millisecond if
// another process occupies a CPU that the collector waits for.
//
// The heap may grow to nine times the memory in use, ballast included. With enough
// memory, the first collection comes after 600 MB, which is more than a point of 1,000
// requests/s allocates in a minute. Collections become more frequent long before memory
// runs out.
//
// GOGC and GOMEMLIMIT take precedence. GOMAXPROCS stays as it is: a Timer waits in
// the runtime's poller and blocks no thread.
func Prepare() {
	free := availableMemory()
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
		untouched := make([]byte, min(free/128, maxBallast)) // nine times this is 7 % of the free memory
		ballast.Store(&untouched)
	}
	if os.Getenv("GOMEMLIMIT") == "" && free > 0 {
		debug.SetMemoryLimit(free / 2)
	}
}
