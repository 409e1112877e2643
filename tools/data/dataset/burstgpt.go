package dataset

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
)

// BurstGPT are prompts as long as those of a public trace of GPT-4; their text
// is made up.
type BurstGPT struct {
	Path string // CSV with the columns Model, Request tokens, Response tokens
}

// lengths are the tokens of a request of the trace.
type lengths struct{ prompt, output int }

// Requests makes n, drawn without repetition if the trace has so many.
func (b BurstGPT) Requests(ctx context.Context, d *Draws, m *Model, n int) ([]Request, error) {
	file, err := os.Open(b.Path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	rows, err := readBurstGPT(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", b.Path, err)
	}
	// pandas' sample draws from a RandomState of its own.
	own := NewDraws(d.seed)
	var chosen []int
	if n <= len(rows) {
		chosen = own.Numpy.Permutation(len(rows))[:n]
	} else {
		chosen = own.Numpy.Ints(0, len(rows), n)
	}
	v := m.vocabulary()
	requests := make([]Request, n)
	err = parallel(ctx, n, func(i int) {
		row := rows[chosen[i]]
		ids := make([]uint32, row.prompt)
		for j := range ids {
			ids[j] = uint32((i + j) % v.size())
		}
		requests[i] = Request{v.decode(ids), row.prompt, row.output}
	})
	return requests, err
}

// readBurstGPT reads the requests of GPT-4 that were answered.
func readBurstGPT(in io.Reader) ([]lengths, error) {
	lines := csv.NewReader(in)
	lines.ReuseRecord = true
	header, err := lines.Read()
	if err != nil {
		return nil, fmt.Errorf("want a CSV with a header: %w", err)
	}
	model, request, response := slices.Index(header, "Model"), slices.Index(header, "Request tokens"), slices.Index(header, "Response tokens")
	if model < 0 || request < 0 || response < 0 {
		return nil, fmt.Errorf("want the columns Model, Request tokens and Response tokens, got %q", strings.Join(header, ","))
	}
	var rows []lengths
	for {
		line, err := lines.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if line[model] != "GPT-4" {
			continue
		}
		var row lengths
		for _, cell := range []struct {
			to    *int
			index int
		}{{&row.prompt, request}, {&row.output, response}} {
			tokens, err := strconv.ParseFloat(line[cell.index], 64)
			if err != nil || tokens < 0 || tokens > 1<<24 {
				number, _ := lines.FieldPos(cell.index)
				return nil, fmt.Errorf("line %d: want tokens, got %q", number, line[cell.index])
			}
			*cell.to = int(tokens)
		}
		if row.output > 0 {
			rows = append(rows, row)
		}
	}
	if len(rows) == 0 {
		return nil, errors.New("no answered request of GPT-4 in it")
	}
	return rows, nil
}
