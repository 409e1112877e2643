package calibrate

import (
	"math"
	"slices"
	"time"

	"github.com/LMCache/LMBench/tools/engine/openai"
	"github.com/LMCache/LMBench/tools/load/refengine"
	"github.com/LMCache/LMBench/tools/results/metrics"
)

// Error is the client's figure less the engine's, in ms.
type Error struct {
	Bias float64 // mean
	P99  float64 // of its size, whether too long or too short; the largest where they are too few for a p99
}

// compare holds the client's stamps against the engine's, event by event.
//
// The engine's TTFT and E2EL begin when it has read the request, so that the
// sending, too, is the client's.
func compare(replies map[string]openai.Reply, notes []refengine.Note) Result {
	var r Result
	var ttft, itl, e2el []float64
	for _, note := range notes {
		reply, known := replies[note.User]
		if !known || len(reply.Chunks) != len(note.Written) {
			continue // cut short
		}
		r.Answers++
		r.Chunks += len(reply.Chunks)
		ttft = append(ttft, ms(reply.Chunks[0]-(note.Written[0]-note.Read)))
		last := len(note.Written) - 1
		e2el = append(e2el, ms(reply.Finish-(note.Written[last]-note.Read)))
		for i := range last {
			itl = append(itl, ms((reply.Chunks[i+1]-reply.Chunks[i])-(note.Written[i+1]-note.Written[i])))
		}
	}
	r.TTFT, r.ITL, r.E2EL = errorOf(ttft), errorOf(itl), errorOf(e2el)
	return r
}

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
