//go:build race

package http1

import "syscall"

// The race detector knows of an order only between calls that it sees.

func rawRead(fd uintptr, p []byte) (int, error)  { return syscall.Read(int(fd), p) }
func rawWrite(fd uintptr, p []byte) (int, error) { return syscall.Write(int(fd), p) }
