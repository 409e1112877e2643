package output

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// Limits of the metrics that an event log stores, in bytes. A longer line lists
// requests, which the log has anyway.
const (
	maxMetric  = 4 << 10
	maxMetrics = 1 << 20
)

// ReadMetrics returns the metrics in a CSV that a workload made of its requests, as
// an event log stores them.
func ReadMetrics(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	var kept strings.Builder
	in, out := csv.NewReader(file), csv.NewWriter(&kept)
	for {
		line, err := in.Read()
		if errors.Is(err, io.EOF) {
			out.Flush()
			return kept.String(), out.Error()
		}
		if err != nil {
			return "", fmt.Errorf("%s: %w", path, err)
		}
		if len(strings.Join(line, ",")) > maxMetric {
			continue
		}
		if err := out.Write(line); err != nil {
			return "", err
		}
		if kept.Len() > maxMetrics {
			return "", fmt.Errorf("%s is too large for the event log: want at most %d bytes of metrics", path, maxMetrics)
		}
	}
}
