//go:build !linux

package main

// split returns p twice: assigning CPUs to children needs Linux.
func (p *process) split() (halves [2]*process, stop func()) { return [2]*process{p, p}, func() {} }
