package eventlog

import "encoding/binary"

// cursor reads a payload. What is malformed makes it bad and reads as 0.
type cursor struct {
	left []byte
	bad  bool
}

func (c *cursor) uvarint() uint64 {
	if len(c.left) > 0 && c.left[0] < 0x80 {
		v := c.left[0]
		c.left = c.left[1:]
		return uint64(v)
	}
	v, n := binary.Uvarint(c.left)
	if n <= 0 {
		c.bad, c.left = true, nil
		return 0
	}
	c.left = c.left[n:]
	return v
}

func (c *cursor) varint() int64 {
	v := c.uvarint()
	return int64(v>>1) ^ -int64(v&1)
}

// mask has no bit for a field that there is not: a newer version's log has.
func (c *cursor) mask(fields int) uint64 {
	v := c.uvarint()
	if v>>fields != 0 {
		c.bad, c.left = true, nil
		return 0
	}
	return v
}

// bytes are the next n; zeros if there are fewer.
func (c *cursor) bytes(n uint64) []byte {
	if n > uint64(len(c.left)) {
		c.bad, c.left = true, nil
		return make([]byte, min(n, 8))
	}
	b := c.left[:n]
	c.left = c.left[n:]
	return b
}
