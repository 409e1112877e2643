//go:build !linux

package http1

import "syscall"

// portAtConnect changes nothing here.
func portAtConnect(string, string, syscall.RawConn) error { return nil }
