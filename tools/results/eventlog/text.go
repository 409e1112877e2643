package eventlog

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"io"
	"math"
)

// context is what frames lean on: what was written before.
type context struct {
	base  uint64             // bits of the header's start, as a stamp
	last  [textFields]string // text of each field in the row before
	names []string           // of samples' values, in the order they came up
	index map[string]int     // of names; the writer's

	// Long texts are one deflate stream through all frames, as a prompt
	// repeats much of those before it.
	deflater *flate.Writer
	deflated bytes.Buffer
	inflater io.ReadCloser
	inflated bytes.Buffer // what it is yet to be fed
}

// long is the least bytes of a text that is compressed.
const long = 256

// appendText writes length<<1 and the text, or length<<1|1, the length of what
// it is compressed to, and that.
func (c *context) appendText(to []byte, text string) []byte {
	if len(text) < long {
		return append(binary.AppendUvarint(to, uint64(len(text))<<1), text...)
	}
	if c.deflater == nil {
		c.deflater, _ = flate.NewWriter(&c.deflated, flate.BestSpeed) // fails for other levels only
	}
	c.deflated.Reset()
	io.WriteString(c.deflater, text) // into memory: neither can fail
	c.deflater.Flush()
	to = binary.AppendUvarint(to, uint64(len(text))<<1|1)
	to = binary.AppendUvarint(to, uint64(c.deflated.Len()))
	return append(to, c.deflated.Bytes()...)
}

// text reads what appendText wrote.
func (c *context) text(from *cursor) string {
	n := from.uvarint()
	if n&1 == 0 {
		return string(from.bytes(n >> 1))
	}
	compressed := from.bytes(from.uvarint())
	if from.bad || n>>1 > largest {
		from.bad = true
		return ""
	}
	c.inflated.Write(compressed)
	if c.inflater == nil {
		c.inflater = flate.NewReader(&c.inflated)
	}
	var text bytes.Buffer
	if got, err := io.CopyN(&text, c.inflater, int64(n>>1)); err != nil || got != int64(n>>1) {
		from.bad = true
		return ""
	}
	return text.String()
}

// bits of an instant as a row's stamp has it.
func stampBits(ns int64) uint64 { return math.Float64bits(float64(ns) / 1e9) }
