package calibrate

import (
	"math"
	"slices"
	"time"

	"github.com/LMCache/LMBench/tools/engine/openai"
	"github.com/LMCache/LMBench/tools/load/refengine"
	"github.com/LMCache/LMBench/tools/results/metrics"
)

// An Error is the difference between the client's figure and the engine's, in ms.
type Error struct {
	Bias float64 // mean
	P99  float64 // of the absolute difference; the maximum if there are too few samples for a p99
}

// compare compares the client's timestamps with the engine's, event by event.
//
// The engine's TTFT and E2EL start when it has read the request, so the time for sending
// the request counts as an error of the client.
func compare(replies map[string]openai.Reply, log []refengine.LogEntry) Result {
	var r Result
	var ttft, itl, e2el []float64
	for _, entry := range log {
		reply, known := replies[entry.User]
		if !known || len(reply.Chunks) != len(entry.Written) {
			continue // incomplete
		}
		r.Answers++
		r.Chunks += len(reply.Chunks)
		ttft = append(ttft, ms(reply.Chunks[0]-(entry.Written[0]-entry.Read)))
		last := len(entry.Written) - 1
		e2el = append(e2el, ms(reply.Finish-(entry.Written[last]-entry.Read)))
		for i := range last {
			itl = append(itl, ms((reply.Chunks[i+1]-reply.Chunks[i])-(entry.Written[i+1]-entry.Written[i])))
		}
	}
	r.TTFT, r.ITL, r.E2EL = errorOf(ttft), errorOf(itl), errorOf(e2el)
	return r
}

// errorOf returns the mean and the p99 of differences, and reorders them.
func errorOf(differences []float64) Error {
	if len(differences) == 0 {
		return Error{}
	}
	bias := metrics.Mean(differences)
	for i, d := range differences {
		differences[i] = math.Abs(d)
	}
	slices.Sort(differences)
	at := len(differences) - 1
	if len(differences) >= metrics.Needed(99) {
		at = len(differences) * 99 / 100
	}
	return Error{bias, differences[at]}
}

func ms(d time.Duration) float64 { return float64(d) / 1e6 }
