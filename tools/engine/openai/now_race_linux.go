//go:build race

package openai

import "syscall"

// The race detector knows of an order only between calls that it sees.

func readNow(fd uintptr, p []byte) (int, error)  { return syscall.Read(int(fd), p) }
func writeNow(fd uintptr, p []byte) (int, error) { return syscall.Write(int(fd), p) }
