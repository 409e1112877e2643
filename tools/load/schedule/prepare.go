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

// ballast counts as memory in use, although it is never touched and therefore
// takes none of the system's.
var ballast atomic.Pointer[[]byte]

// Prepare sets up the process for sending on time, with few garbage collections. A
// collection takes a quarter of the processors for some milliseconds, which delays
// requests and the stamps of chunks. It also stops the process for up to a
// millisecond if another process has the processor it waits for. The heap grows to
// nine times what is in use, ballast included, before the first one. So with
// plenty of memory that comes after 600 MB, which is more than a point of 1,000
// requests/s for a minute allocates. Long before memory runs short, collections
// become more frequent.
//
// GOGC and GOMEMLIMIT take precedence. GOMAXPROCS stays as it is: a Timer waits in
// the runtime's poller and blocks no thread.
func Prepare() {
	free := availableMemory()
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
		untouched := make([]byte, min(free/128, maxBallast)) // nine times free/128 is a fourteenth of free
		ballast.Store(&untouched)
	}
	if os.Getenv("GOMEMLIMIT") == "" && free > 0 {
		debug.SetMemoryLimit(free / 2)
	}
}
