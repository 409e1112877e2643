package trace

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/gocarina/gocsv"
)

// Style is a form in which a trace can be written.
type Style string

// The styles that Write knows.
const (
	Mooncake Style = "mooncake" // JSONL, milliseconds since the first request
	GMI      Style = "gmi"      // JSONL, nanoseconds since 1970 as a string
	Bailian  Style = "bailian"  // JSONL, seconds since the first request, turns of conversations
	AzureCSV Style = "azure"    // dates; no hash ids
	BurstCSV Style = "burstgpt" // seconds since the first request; no hash ids
)

// Styles returns all styles.
func Styles() []Style { return []Style{Mooncake, GMI, Bailian, AzureCSV, BurstCSV} }

// HasBlocks reports whether the style has hash ids.
func (s Style) HasBlocks() bool { return s == Mooncake || s == GMI || s == Bailian }

// Write writes a trace. Times are truncated to the resolution of the style.
func Write(w io.Writer, t *Trace, style Style) error {
	out := bufio.NewWriterSize(w, 1<<16)
	var err error
	if style.HasBlocks() {
		err = writeJSON(out, t, style)
	} else {
		err = writeCSV(out, t, style)
	}
	if err != nil {
		return err
	}
	return out.Flush()
}

func writeJSON(out *bufio.Writer, t *Trace, style Style) error {
	var line []byte
	for i := range t.Requests {
		r := &t.Requests[i]
		line = append(line[:0], '{')
		if style == Bailian {
			line = fmt.Appendf(line, `"chat_id": %d, "parent_chat_id": %d, `, r.Chat-1, r.Parent-1)
		}
		line = fmt.Appendf(line, `"timestamp": %s, "input_length": %d, "output_length": %d`, formatTime(t, r, style), r.Input, r.Output)
		if style == Bailian {
			line = append(line, `, "type": "text"`...)
		}
		line = append(line, `, "hash_ids": [`...)
		for j, id := range r.Blocks {
			if j > 0 {
				line = append(line, ", "...)
			}
			line = strconv.AppendInt(line, id, 10)
		}
		line = append(line, "]}\n"...)
		if _, err := out.Write(line); err != nil {
			return err
		}
	}
	return nil
}

func writeCSV(out io.Writer, t *Trace, style Style) error {
	if style == AzureCSV {
		rows := make([]azureRow, len(t.Requests))
		for i := range t.Requests {
			r := &t.Requests[i]
			rows[i] = azureRow{formatTime(t, r, style), strconv.Itoa(r.Input), strconv.Itoa(r.Output)}
		}
		return gocsv.Marshal(rows, out)
	}
	rows := make([]burstGPTRow, len(t.Requests))
	for i := range t.Requests {
		r := &t.Requests[i]
		rows[i] = burstGPTRow{
			Timestamp: formatTime(t, r, style), Model: "unknown", LogType: "API log",
			Input: strconv.Itoa(r.Input), Output: strconv.Itoa(r.Output), Total: strconv.Itoa(r.Input + r.Output),
		}
	}
	return gocsv.Marshal(rows, out)
}

func formatTime(t *Trace, r *Request, style Style) string {
	switch style {
	case Mooncake:
		return strconv.FormatInt(r.At.Milliseconds(), 10)
	case GMI:
		return strconv.Quote(strconv.FormatInt(int64(t.epoch()+r.At), 10))
	case AzureCSV:
		return time.Unix(0, int64(t.epoch()+r.At)).UTC().Format("2006-01-02 15:04:05.0000000")
	}
	seconds, nano := r.At/time.Second, r.At%time.Second
	return fmt.Sprintf("%d.%09d", seconds, nano)
}

// defaultEpoch is the start of 2024. Styles with dates use it for a trace whose
// timestamps are offsets.
const defaultEpoch = 1704067200 * time.Second

func (t *Trace) epoch() time.Duration {
	if t.Epoch > 0 {
		return t.Epoch
	}
	return defaultEpoch
}
