package eventlog

import (
	"encoding/binary"
	"time"
)

// appendSample writes the instant, and for each value the number of its name. A name itself
// is written the first time.
func (h *history) appendSample(to []byte, s Sample) []byte {
	to = binary.AppendVarint(to, s.At.Microseconds())
	for _, value := range s.Values {
		i, known := h.index[value.Name]
		if !known {
			i = len(h.index)
			h.index[value.Name] = i
		}
		to = binary.AppendUvarint(to, uint64(i))
		if !known {
			to = append(binary.AppendUvarint(to, uint64(len(value.Name))), value.Name...)
		}
		to = appendFloat(to, value.Number)
	}
	return to
}

// sample reads what appendSample wrote.
func (h *history) sample(from *decoder) Sample {
	s := Sample{At: time.Duration(from.varint()) * time.Microsecond}
	for len(from.left) > 0 {
		i := from.uvarint()
		if i == uint64(len(h.names)) {
			h.names = append(h.names, string(from.bytes(from.uvarint())))
		}
		number := from.float()
		if from.bad || i >= uint64(len(h.names)) {
			from.bad = true
			break
		}
		s.Values = append(s.Values, Value{h.names[i], number})
	}
	return s
}
