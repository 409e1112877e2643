package eventlog

import (
	"encoding/binary"
	"time"

	"github.com/LMCache/LMBench/tools/results/record"
)

// appendChunks writes the number of chunks and whether the row has their gaps, the arrival
// of the first, the difference of each gap to the previous one, and runs of chunks with
// the same number of tokens.
func appendChunks(to []byte, r *Request) []byte {
	gaps, inRow := r.Row.Gaps, uint64(1)
	chunks := len(gaps) + 1
	if len(gaps) == 0 {
		chunks, inRow = len(r.Arrivals), 0
	}
	to = binary.AppendUvarint(to, uint64(chunks)<<1|inRow)
	if chunks == 0 {
		return to
	}
	first := time.Duration(0)
	if len(r.Arrivals) > 0 {
		first = r.Arrivals[0]
	}
	to = binary.AppendVarint(to, record.Microseconds(first))
	before := int64(0)
	for i := range chunks - 1 {
		var gap int64
		if inRow == 1 {
			gap = record.Microseconds(gaps[i])
		} else {
			gap = record.Microseconds(r.Arrivals[i+1] - r.Arrivals[i])
		}
		to = binary.AppendVarint(to, gap-before)
		before = gap
	}
	return appendRuns(to, chunks, r.Tokens)
}

// appendRuns writes pairs of a length and a value. If there is not one number of tokens per
// chunk, it is one run of unknown (0).
func appendRuns(to []byte, chunks int, tokens []int) []byte {
	if len(tokens) != chunks {
		return append(binary.AppendUvarint(to, uint64(chunks)), 0)
	}
	for i := 0; i < chunks; {
		end := i + 1
		for end < chunks && tokens[end] == tokens[i] {
			end++
		}
		to = binary.AppendUvarint(to, uint64(end-i))
		to = binary.AppendUvarint(to, uint64(max(0, tokens[i])))
		i = end
	}
	return to
}

// chunks reads what appendChunks wrote.
func (d *decoder) chunks(r *Request) {
	n := d.uvarint()
	chunks, inRow := int(n>>1), n&1 == 1
	if n>>1 > uint64(len(d.left)) { // each takes at least a byte
		d.bad = true
		return
	}
	if chunks == 0 {
		return
	}
	r.Arrivals = make([]time.Duration, chunks)
	r.Arrivals[0] = time.Duration(d.varint()) * time.Microsecond
	if inRow && chunks > 1 {
		r.Row.Gaps = make(record.Gaps, chunks-1)
	}
	gap := time.Duration(0)
	for i := 1; i < chunks; i++ {
		gap += time.Duration(d.varint()) * time.Microsecond
		r.Arrivals[i] = r.Arrivals[i-1] + gap
		if inRow {
			r.Row.Gaps[i-1] = gap
		}
	}
	r.Tokens = d.runs(chunks)
}

// runs reads what appendRuns wrote. It returns nil if no chunk's tokens are known.
func (d *decoder) runs(chunks int) (tokens []int) {
	for done := 0; done < chunks && !d.bad; {
		length, value := d.uvarint(), d.uvarint()
		if length == 0 || length > uint64(chunks-done) {
			d.bad = true
			return nil
		}
		if tokens == nil && value > 0 {
			tokens = make([]int, chunks)
		}
		for range length {
			if tokens != nil {
				tokens[done] = int(value)
			}
			done++
		}
	}
	return tokens
}
