//go:build !unix

package workload

// capacity cannot be asked here.
func capacity() Capacity { return Capacity{} }
