//go:build !unix

package runner

// systemLimits returns unknown limits: other systems have no such interface.
func systemLimits() Limits { return Limits{} }
