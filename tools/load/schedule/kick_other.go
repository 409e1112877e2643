//go:build !linux

package schedule

import "time"

// kick does not exist here.
type kick struct{}

func newKick() *kick           { return nil }
func (*kick) in(time.Duration) {}
func (*kick) stop()            {}
