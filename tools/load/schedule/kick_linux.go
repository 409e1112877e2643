package schedule

import (
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// kick is a timerfd that the runtime polls like a socket: its expiry ends the
// runtime's wait, and the scheduler then looks at its own timers. Nobody reads
// it: it is polled for changes, and each expiry after it was set is one.
type kick struct {
	fd   int
	file *os.File // registers it
}

// newKick returns nil where the kernel refuses: the alarm is then late, not wrong.
func newKick() *kick {
	fd, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_NONBLOCK|unix.TFD_CLOEXEC)
	if err != nil {
		return nil
	}
	return &kick{fd, os.NewFile(uintptr(fd), "timerfd")}
}

// in arms the timer. The slight delay lets the Go timer be due when it fires.
func (k *kick) in(wait time.Duration) {
	const after = 2 * time.Microsecond
	spec := unix.ItimerSpec{Value: unix.NsecToTimespec(int64(max(wait, 0) + after))}
	// It cannot fail with these arguments, and if it did the Go timer still fires.
	_ = unix.TimerfdSettime(k.fd, 0, &spec, nil)
}

func (k *kick) stop() { k.file.Close() }
