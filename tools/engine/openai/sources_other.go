//go:build !linux

package openai

import "syscall"

// portAtConnect changes nothing here.
func portAtConnect(string, string, syscall.RawConn) error { return nil }
