package sharegpt

import (
	"context"
	"errors"
	"io"
)

// WriteAll writes every conversation with the token counts of its answers, as
// LMBench's ShareGPT.json, for workloads that select from it themselves.
func WriteAll(ctx context.Context, file io.Reader, count CountTokens, to io.Writer, progress func(Stats)) (Stats, error) {
	out := newListWriter(to, false)
	var stats Stats
	err := processInOrder(ctx, Read(file), func(r *Record) (bool, bool) {
		stats.Read++
		if !r.Alternates() {
			stats.Repeated++
			return false, true
		}
		return true, true
	}, func(ctx context.Context, r *Record) ([]field, error) {
		return r.withCounts(ctx, count)
	}, func(_ *Record, fields []field) error {
		stats.Conversations++
		progress(stats)
		return out.add(fields)
	})
	if err == nil && stats.Conversations == 0 {
		err = stats.explainEmpty(&Selection{})
	}
	return stats, errors.Join(err, out.close())
}

// withCounts returns the record's JSON members with its token counts.
func (r *Record) withCounts(ctx context.Context, count CountTokens) ([]field, error) {
	var human, gpt lengths
	turns := make([][]field, len(r.Turns))
	for i, turn := range r.Turns {
		turns[i] = []field{{"from", turn.From}, {"value", turn.Value}}
		if turn.From != "human" && turn.From != "gpt" {
			continue
		}
		n, err := count(ctx, turn.Value)
		if err != nil {
			return nil, err
		}
		if turn.From == "human" {
			human.add(n)
		} else {
			gpt.add(n)
			turns[i] = append(turns[i], field{"num_tokens", n})
		}
	}
	var fields []field
	if r.ID != nil {
		fields = append(fields, field{"id", r.ID})
	}
	return append(fields, field{"conversations", turns}, field{"num_round", len(r.Turns)},
		field{"average_human_token", human.mean()}, field{"max_human_token", human.largest()},
		field{"average_gpt_token", gpt.mean()}, field{"max_gpt_token", gpt.largest()}), nil
}

// lengths summarizes the token counts of some texts. Without texts its figures
// are the integer 0 instead of a float, as LMBench writes them.
type lengths struct{ n, sum, max int }

func (l *lengths) add(n int) {
	l.n++
	l.sum += n
	l.max = max(l.max, n)
}

func (l *lengths) mean() any {
	if l.n == 0 {
		return 0
	}
	return float64(l.sum) / float64(l.n)
}

func (l *lengths) largest() any {
	if l.n == 0 {
		return 0
	}
	return float64(l.max)
}
