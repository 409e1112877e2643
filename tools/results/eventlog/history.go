package eventlog

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"io"
	"math"
)

// history is what a frame may refer to: what was written before it.
type history struct {
	base  uint64             // bits of the header's start, as a stamp
	last  [textFields]string // text of each field in the previous row
	names []string           // of samples' values, in order of appearance
	index map[string]int     // by name; only the writer has it

	// Long texts are one deflate stream through all frames, since prompts repeat much of
	// earlier ones.
	deflater *flate.Writer
	deflated bytes.Buffer
	inflater io.ReadCloser
	inflated bytes.Buffer // input of inflater
}

// long is the length from which a text is compressed.
const long = 256

// appendText writes length<<1 and the text, or length<<1|1, the compressed length and the
// compressed text.
func (h *history) appendText(to []byte, text string) []byte {
	if len(text) < long {
		return append(binary.AppendUvarint(to, uint64(len(text))<<1), text...)
	}
	if h.deflater == nil {
		h.deflater, _ = flate.NewWriter(&h.deflated, flate.BestSpeed) // fails only for unknown levels
	}
	h.deflated.Reset()
	io.WriteString(h.deflater, text) // into memory: neither can fail
	h.deflater.Flush()
	to = binary.AppendUvarint(to, uint64(len(text))<<1|1)
	to = binary.AppendUvarint(to, uint64(h.deflated.Len()))
	return append(to, h.deflated.Bytes()...)
}

// text reads what appendText wrote.
func (h *history) text(from *decoder) string {
	n := from.uvarint()
	if n&1 == 0 {
		return string(from.bytes(n >> 1))
	}
	compressed := from.bytes(from.uvarint())
	if from.bad || n>>1 > largest {
		from.bad = true
		return ""
	}
	h.inflated.Write(compressed)
	if h.inflater == nil {
		h.inflater = flate.NewReader(&h.inflated)
	}
	var text bytes.Buffer
	if got, err := io.CopyN(&text, h.inflater, int64(n>>1)); err != nil || got != int64(n>>1) {
		from.bad = true
		return ""
	}
	return text.String()
}

// stampBits returns an instant in nanoseconds as the bits of a row's float.
func stampBits(ns int64) uint64 { return math.Float64bits(float64(ns) / 1e9) }
