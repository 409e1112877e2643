package schedule

import (
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// A timerFD is a kernel timer that the runtime polls like a socket. Its expiry
// ends the runtime's wait, and the scheduler then looks at its own timers. Nothing
// reads it: it is polled for changes, and each expiry is one.
type timerFD struct {
	fd   int
	file *os.File // registers fd with the runtime's poller
}

// newTimerFD returns nil if the kernel refuses. The Timer is then only less precise.
func newTimerFD() *timerFD {
	fd, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_NONBLOCK|unix.TFD_CLOEXEC)
	if err != nil {
		return nil
	}
	return &timerFD{fd, os.NewFile(uintptr(fd), "timerfd")}
}

// arm sets the timer, slightly late so that the Go timer is due when it fires.
func (t *timerFD) arm(wait time.Duration) {
	const after = 2 * time.Microsecond
	spec := unix.ItimerSpec{Value: unix.NsecToTimespec(int64(max(wait, 0) + after))}
	// It cannot fail with these arguments, and if it did the Go timer still fires.
	_ = unix.TimerfdSettime(t.fd, 0, &spec, nil)
}

func (t *timerFD) close() { t.file.Close() }
