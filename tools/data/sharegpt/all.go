package sharegpt

import (
	"context"
	"errors"
	"io"

	"github.com/LMCache/LMBench/tools/data/pyjson"
)

// WriteAll writes every conversation with the token counts of its answers, as
// LMBench's ShareGPT.json, for workloads that select from it themselves.
func WriteAll(ctx context.Context, file io.Reader, count CountTokens, to io.Writer, progress func(Stats)) (Stats, error) {
	out := newListWriter(to, pyjson.UTF8)
	var stats Stats
	speakers := map[string]bool{}
	err := processInOrder(ctx, Read(file, stats.leaveOut), func(r *Record) (bool, bool) {
		stats.Read++
		r.meet(speakers)
		if !r.Alternates() {
			stats.Repeated++
			return false, true
		}
		return true, true
	}, func(ctx context.Context, r *Record) (object, error) {
		return r.withCounts(ctx, count)
	}, func(_ *Record, o object) error {
		stats.Conversations++
		progress(stats)
		return out.add(o)
	})
	if err == nil && stats.Conversations == 0 {
		err = stats.explainEmpty(&Selection{}, speakers)
	}
	return stats, errors.Join(err, out.close())
}

// withCounts returns the record's JSON object with its token counts.
func (r *Record) withCounts(ctx context.Context, count CountTokens) (object, error) {
	var human, gpt lengths
	turns := make([]any, len(r.Turns))
	for i, turn := range r.Turns {
		message := object{{"from", turn.From}, {"value", turn.Value}}
		turns[i] = message
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
			turns[i] = append(message, member{"num_tokens", n})
		}
	}
	var o object
	if r.ID != nil {
		o = append(o, member{"id", r.ID})
	}
	return append(o, member{"conversations", turns}, member{"num_round", len(r.Turns)},
		member{"average_human_token", human.mean()}, member{"max_human_token", human.largest()},
		member{"average_gpt_token", gpt.mean()}, member{"max_gpt_token", gpt.largest()}), nil
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
