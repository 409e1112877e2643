package eventlog

import "encoding/binary"

// decoder reads a payload. Malformed input reads as 0 and sets bad.
type decoder struct {
	left []byte
	bad  bool
}

func (d *decoder) uvarint() uint64 {
	if len(d.left) > 0 && d.left[0] < 0x80 {
		v := d.left[0]
		d.left = d.left[1:]
		return uint64(v)
	}
	v, n := binary.Uvarint(d.left)
	if n <= 0 {
		d.bad, d.left = true, nil
		return 0
	}
	d.left = d.left[n:]
	return v
}

func (d *decoder) varint() int64 {
	v := d.uvarint()
	return int64(v>>1) ^ -int64(v&1)
}

// bitmap rejects bits of unknown fields, which a newer version may have written.
func (d *decoder) bitmap(fields int) uint64 {
	v := d.uvarint()
	if v>>fields != 0 {
		d.bad, d.left = true, nil
		return 0
	}
	return v
}

// bytes returns the next n bytes, or zeros if there are fewer.
func (d *decoder) bytes(n uint64) []byte {
	if n > uint64(len(d.left)) {
		d.bad, d.left = true, nil
		return make([]byte, min(n, 8))
	}
	b := d.left[:n]
	d.left = d.left[n:]
	return b
}
