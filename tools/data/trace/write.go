package trace

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"time"
)

// Style is how a trace is written.
type Style string

// The styles that Write knows.
const (
	Mooncake Style = "mooncake" // JSONL, milliseconds since the first request
	GMI      Style = "gmi"      // JSONL, nanoseconds since 1970 as text
	Bailian  Style = "bailian"  // JSONL, seconds since the first request, turns of conversations
	AzureCSV Style = "azure"    // dates; no hash ids
	BurstCSV Style = "burstgpt" // seconds since the first request; no hash ids
)

// Styles are their names.
func Styles() []Style { return []Style{Mooncake, GMI, Bailian, AzureCSV, BurstCSV} }

// Hashes tells whether a style can hold hash ids.
func (s Style) Hashes() bool { return s == Mooncake || s == GMI || s == Bailian }

// Write writes a trace in a style. Times are cut to what the style can hold.
func Write(w io.Writer, t *Trace, style Style) error {
	out := bufio.NewWriterSize(w, 1<<16)
	var err error
	if style.Hashes() {
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
		line = fmt.Appendf(line, `"timestamp": %s, "input_length": %d, "output_length": %d`, stampText(t, r, style), r.Input, r.Output)
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

func writeCSV(out *bufio.Writer, t *Trace, style Style) error {
	lines := csv.NewWriter(out)
	header := []string{"TIMESTAMP", "ContextTokens", "GeneratedTokens"}
	if style == BurstCSV {
		header = []string{"Timestamp", "Model", "Request tokens", "Response tokens", "Total tokens", "Log Type"}
	}
	if err := lines.Write(header); err != nil {
		return err
	}
	for i := range t.Requests {
		r := &t.Requests[i]
		line := []string{stampText(t, r, style), strconv.Itoa(r.Input), strconv.Itoa(r.Output)}
		if style == BurstCSV {
			line = []string{line[0], "unknown", line[1], line[2], strconv.Itoa(r.Input + r.Output), "API log"}
		}
		if err := lines.Write(line); err != nil {
			return err
		}
	}
	lines.Flush()
	return lines.Error()
}

func stampText(t *Trace, r *Request, style Style) string {
	switch style {
	case Mooncake:
		return strconv.FormatInt(r.At.Milliseconds(), 10)
	case GMI:
		return strconv.Quote(strconv.FormatInt(int64(t.since1970()+r.At), 10))
	case AzureCSV:
		return time.Unix(0, int64(t.since1970()+r.At)).UTC().Format("2006-01-02 15:04:05.0000000")
	}
	seconds, nano := r.At/time.Second, r.At%time.Second
	return fmt.Sprintf("%d.%09d", seconds, nano)
}

// undated is when a trace begins that does not say: 2024, for the styles with a
// time of day.
const undated = 1704067200 * time.Second

func (t *Trace) since1970() time.Duration {
	if t.Epoch > 0 {
		return t.Epoch
	}
	return undated
}
