package simengine

// Faults says which requests go wrong. Each field is a period: the k-th, 2k-th,
// 3k-th … generation request has the fault, 0 means none has it. Requests are
// counted from 1 in order of arrival over both generation endpoints; a request
// refused for what it asks (a 4xx) does not count.
//
// When several periods meet in one request, the first in the order of the
// fields is what happens.
type Faults struct {
	// FailEvery answers 500 with a JSON error at once.
	FailEvery int
	// HangEvery sends nothing, not even headers, until the client leaves. The
	// request neither waits in the queue nor takes a place in the batch.
	HangEvery int
	// CutEvery closes the connection after half of the answer.
	CutEvery int
	// ErrorEventEvery sends an error event and [DONE] after half of the
	// answer; an answer that is not streamed becomes a 500 at that moment.
	ErrorEventEvery int
	// NoUsageEvery leaves out the usage.
	NoUsageEvery int
}

// fault is what goes wrong with one request.
type fault int

const (
	noFault fault = iota
	failFault
	hangFault
	cutFault
	errorEventFault
	noUsageFault
)

// of returns the fault of the request with this ordinal.
func (f Faults) of(ordinal int64) fault {
	for _, candidate := range []struct {
		every int
		fault fault
	}{
		{f.FailEvery, failFault},
		{f.HangEvery, hangFault},
		{f.CutEvery, cutFault},
		{f.ErrorEventEvery, errorEventFault},
		{f.NoUsageEvery, noUsageFault},
	} {
		if candidate.every > 0 && ordinal%int64(candidate.every) == 0 {
			return candidate.fault
		}
	}
	return noFault
}

// tokensOf returns how many of n tokens a request with this fault sends: half,
// but at least one, when it breaks on the way.
func (f fault) tokensOf(n int) int {
	if f == cutFault || f == errorEventFault {
		return max(1, n/2)
	}
	return n
}
