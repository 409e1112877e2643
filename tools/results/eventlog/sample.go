package eventlog

import (
	"encoding/binary"
	"time"
)

// appendSample writes the instant and per value the number of its name, with
// the name itself where it comes up first.
func (c *context) appendSample(to []byte, s Sample) []byte {
	to = binary.AppendVarint(to, s.At.Microseconds())
	for _, value := range s.Values {
		i, known := c.index[value.Name]
		if !known {
			i = len(c.index)
			c.index[value.Name] = i
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
func (c *context) sample(from *cursor) Sample {
	s := Sample{At: time.Duration(from.varint()) * time.Microsecond}
	for len(from.left) > 0 {
		i := from.uvarint()
		if i == uint64(len(c.names)) {
			c.names = append(c.names, string(from.bytes(from.uvarint())))
		}
		number := from.float()
		if from.bad || i >= uint64(len(c.names)) {
			from.bad = true
			break
		}
		s.Values = append(s.Values, Value{c.names[i], number})
	}
	return s
}
