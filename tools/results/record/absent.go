package record

import (
	"encoding/csv"
	"math"
	"slices"
	"strings"
)

// absent are the words that pandas reads as an empty cell, and other programs
// write as one. What ParseFloat takes for NaN is none of a reader's business.
func absent() []string {
	return []string{"#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A", "NA", "NULL", "None", "n/a", "null"}
}

// withoutAbsent is a record with these words' cells empty, and whether it had any.
func withoutAbsent(record string) (known string, had bool) {
	cells, err := csv.NewReader(strings.NewReader(record)).Read()
	if err != nil {
		return record, false
	}
	words := absent()
	for i, cell := range cells {
		if slices.Contains(words, cell) {
			cells[i], had = "", true
		}
	}
	var text strings.Builder
	lines := csv.NewWriter(&text)
	lines.Write(cells)
	lines.Flush() // into memory
	return text.String(), had
}

// unstamped is a row before its cells are read: a stamp whose cell is empty is
// NaN, since 0 is a time.
var unstamped = Row{LaunchTime: math.NaN(), FinishTime: math.NaN()}

// Stamped tells whether a row's launch and finish are known. Every row that
// Writer wrote is; those of other programs may lack them.
func (r *Row) Stamped() bool { return !math.IsNaN(r.LaunchTime + r.FinishTime) }
