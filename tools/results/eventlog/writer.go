package eventlog

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Writer appends frames. They reach the underlying writer at the latest with Flush. It
// must be used by one goroutine.
type Writer struct {
	out     *bufio.Writer
	history history
	payload []byte // of the previous frame; its memory is reused
	head    []byte
}

// NewWriter writes the header and flushes it.
func NewWriter(w io.Writer, header Header) (*Writer, error) {
	log := &Writer{out: bufio.NewWriterSize(w, 1<<16), history: history{base: stampBits(header.Start.UnixNano()), index: map[string]int{}}}
	io.WriteString(log.out, format) // Flush returns its error
	payload, err := json.Marshal(header)
	if err != nil {
		return nil, fmt.Errorf("event log: %w", err)
	}
	if err := log.frame(headerKind, payload); err != nil {
		return nil, err
	}
	return log, log.Flush()
}

// Write appends an event.
func (w *Writer) Write(event Event) error {
	payload := w.payload[:0]
	switch event := event.(type) {
	case *Request:
		payload = appendChunks(w.history.appendRow(payload, &event.Row), event)
	case Started:
		for _, n := range [...]int64{int64(event.User), int64(event.Question), event.Due.Microseconds(), (event.At - event.Due).Microseconds()} {
			payload = binary.AppendVarint(payload, n)
		}
	case Unrecorded:
		payload = binary.AppendVarint(binary.AppendVarint(payload, int64(event.User)), int64(event.Question))
	case Sample:
		payload = w.history.appendSample(payload, event)
	default:
		var err error
		if payload, err = json.Marshal(event); err != nil {
			return fmt.Errorf("event log: %w", err)
		}
	}
	w.payload = payload
	return w.frame(event.kind(), payload)
}

func (w *Writer) frame(k kind, payload []byte) error {
	w.head = append(binary.AppendUvarint(w.head[:0], uint64(len(payload))), byte(k))
	sum := crc32.Update(crc32.Checksum(w.head[len(w.head)-1:], castagnoli), castagnoli, payload)
	w.out.Write(w.head)
	w.out.Write(payload)
	_, err := w.out.Write(binary.LittleEndian.AppendUint32(w.head[:0], sum)) // bufio returns the first error of the three
	return wrapped(err)
}

// Flush writes all frames to the underlying writer.
func (w *Writer) Flush() error { return wrapped(w.out.Flush()) }

func wrapped(err error) error {
	if err != nil {
		return fmt.Errorf("event log: %w", err)
	}
	return nil
}
