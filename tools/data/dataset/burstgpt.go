package dataset

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/gocarina/gocsv"

	"github.com/LMCache/LMBench/tools/data/userfile"
)

// BurstGPT makes prompts as long as those of a public trace of GPT-4, a CSV. Their text
// is synthetic.
type BurstGPT struct{}

// Info implements Dataset.
func (b *BurstGPT) Info() Info {
	return Info{Name: "burstgpt", Source: File, Synthetic: true,
		Public: "https://github.com/HPMLL/BurstGPT/releases/download/v1.1/BurstGPT_without_fails_2.csv"}
}

// Options implements Dataset.
func (b *BurstGPT) Options() []Option { return nil }

// Check implements Dataset.
func (b *BurstGPT) Check(string) error { return nil }

// Requests implements Dataset. It draws requests of the trace without repetition if the
// trace has n of them.
func (b *BurstGPT) Requests(ctx context.Context, in *Input, n int) ([]Request, error) {
	file, err := os.Open(in.Path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	rows, err := readBurstGPT(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", in.Path, err)
	}
	// pandas' sample draws from its own RandomState.
	own := NewDraws(in.Draws.seed)
	var chosen []int
	if n <= len(rows) {
		chosen = own.Numpy.Permutation(len(rows))[:n]
	} else {
		chosen = own.Numpy.Ints(0, len(rows), n)
	}
	v := in.Model.vocabulary()
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

// lengths are the tokens of a request of the trace.
type lengths struct{ prompt, output int }

// burstRow is a line of the trace.
type burstRow struct {
	Model    string `csv:"Model"`
	Request  string `csv:"Request tokens"`
	Response string `csv:"Response tokens"`
}

// readBurstGPT reads the answered requests of GPT-4.
func readBurstGPT(file io.Reader) ([]lengths, error) {
	lines := csv.NewReader(userfile.WithoutMark(file))
	lines.ReuseRecord = true
	in, err := gocsv.NewUnmarshaller(lines, burstRow{})
	if err != nil {
		return nil, fmt.Errorf("want a CSV with a header: %w", err)
	}
	if len(in.MismatchedStructFields) > 0 {
		return nil, fmt.Errorf("want the columns Model, Request tokens and Response tokens, got %q", strings.Join(in.Headers, ","))
	}
	var rows []lengths
	for {
		line, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		row := line.(burstRow)
		if row.Model != "GPT-4" {
			continue
		}
		of, err := row.lengths()
		if err != nil {
			number, _ := lines.FieldPos(0)
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
		if of.output > 0 {
			rows = append(rows, of)
		}
	}
	if len(rows) == 0 {
		return nil, errors.New("no answered request of GPT-4")
	}
	return rows, nil
}

func (r *burstRow) lengths() (l lengths, err error) {
	if l.prompt, err = parseTokens("Request tokens", r.Request); err != nil {
		return l, err
	}
	l.output, err = parseTokens("Response tokens", r.Response)
	return l, err
}

// parseTokens reads a number of tokens, which the trace may write as 12.0.
func parseTokens(column, text string) (int, error) {
	tokens, err := userfile.Whole(text)
	if err != nil || tokens < 0 || tokens > 1<<24 {
		return 0, fmt.Errorf("%s: want a whole number of tokens, got %q", column, text)
	}
	return int(tokens), nil
}
