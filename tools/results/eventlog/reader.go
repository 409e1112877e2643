package eventlog

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"time"
)

// largest bounds the bytes of a payload, and of a text.
const largest = 1 << 26

// Reader reads the events of a log, as far as it is intact.
type Reader struct {
	Header Header
	// RowsOnly skips all events but requests, and the chunks of requests: rows then have no
	// Gaps.
	RowsOnly bool

	in      *bufio.Reader
	offset  int64 // of the next frame
	history history
	large   bytes.Buffer // holds a frame that is larger than the buffer
}

// TailError reports where a log is damaged or ends early. Everything before is intact.
type TailError struct {
	Offset int64 // bytes from the start
	Reason string
}

func (e *TailError) Error() string {
	return fmt.Sprintf("the event log is intact up to byte %d: %s", e.Offset, e.Reason)
}

// NewReader reads the header.
func NewReader(r io.Reader) (*Reader, error) {
	log := &Reader{in: bufio.NewReaderSize(r, 1<<18)}
	line, err := log.in.Peek(len(format))
	if err != nil && err != io.EOF {
		return nil, err
	}
	if string(line) != format {
		return nil, errors.New("not an event log, or one of another version")
	}
	log.in.Discard(len(format))
	log.offset = int64(len(format))
	k, payload, err := log.frame()
	if err == io.EOF {
		err = log.tail("it ends before the header")
	}
	if err == nil && k != headerKind {
		err = log.tail("it has no header")
	}
	if err == nil {
		err = json.Unmarshal(payload, &log.Header)
	}
	if err != nil {
		return nil, err
	}
	log.history.base = stampBits(log.Header.Start.UnixNano())
	return log, nil
}

// Next returns the next event, which the caller may keep. At the end the error is io.EOF;
// if the log is damaged or cut off, it is a *TailError.
func (r *Reader) Next() (Event, error) {
	for {
		at := r.offset
		k, payload, err := r.frame()
		if err != nil {
			return nil, err
		}
		if r.RowsOnly && k != requestKind {
			continue
		}
		from := decoder{left: payload}
		event, err := r.event(k, &from)
		if err == nil && from.bad {
			err = errors.New("malformed frame")
		}
		if err != nil {
			r.offset = at
			return nil, r.tail(err.Error())
		}
		return event, nil
	}
}

func (r *Reader) event(k kind, from *decoder) (Event, error) {
	switch k {
	case requestKind:
		request := &Request{}
		r.history.row(from, &request.Row)
		if !r.RowsOnly {
			from.chunks(request)
		}
		return request, nil
	case startedKind:
		s := Started{User: int(from.varint()), Question: int(from.varint()), Due: time.Duration(from.varint()) * time.Microsecond}
		s.At = s.Due + time.Duration(from.varint())*time.Microsecond
		return s, nil
	case unrecordedKind:
		return Unrecorded{int(from.varint()), int(from.varint())}, nil
	case sampleKind:
		return r.history.sample(from), nil
	case endKind:
		var end End
		return end, json.Unmarshal(from.left, &end)
	case resultKind:
		var result Result
		return result, json.Unmarshal(from.left, &result)
	}
	return nil, fmt.Errorf("frame of unknown kind %q", k)
}

// frame returns the next intact frame. Its payload is valid until the next call.
func (r *Reader) frame() (kind, []byte, error) {
	start, err := r.in.Peek(binary.MaxVarintLen64)
	if len(start) == 0 {
		return 0, nil, err // the end, or an error of the disk
	}
	length, n := binary.Uvarint(start)
	if n <= 0 || length > largest {
		return 0, nil, r.tail("no frame starts here")
	}
	whole := n + 1 + int(length) + crc32.Size
	frame, err := r.bytes(whole)
	if err != nil {
		return 0, nil, err
	}
	checked, sum := frame[n:whole-crc32.Size], frame[whole-crc32.Size:]
	if crc32.Checksum(checked, castagnoli) != binary.LittleEndian.Uint32(sum) {
		return 0, nil, r.tail("the checksum of the frame is wrong")
	}
	r.offset += int64(whole)
	return kind(checked[0]), checked[1:], nil
}

// bytes returns the next n bytes.
func (r *Reader) bytes(n int) ([]byte, error) {
	var err error
	var b []byte
	if n <= r.in.Size() {
		b, err = r.in.Peek(n)
		if err == nil {
			_, err = r.in.Discard(n) // the bytes stay in the buffer until the next read
		}
	} else {
		r.large.Reset() // grows with the input: n itself may be damaged
		_, err = io.CopyN(&r.large, r.in, int64(n))
		b = r.large.Bytes()
	}
	if err == io.EOF {
		return nil, r.tail("the frame is incomplete")
	}
	return b, err
}

func (r *Reader) tail(reason string) error { return &TailError{r.offset, reason} }
