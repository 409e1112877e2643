package sharegpt

import (
	"context"
	"errors"
	"io"
)

// Whole writes every conversation with the tokens of its answers, as the
// original's ShareGPT.json, for workloads that choose from it themselves.
func Whole(ctx context.Context, file io.Reader, count Count, to io.Writer, progress func(Tally)) (Tally, error) {
	out := newList(to, false)
	var tally Tally
	err := inOrder(ctx, Read(file), func(e *Entry) (bool, bool) {
		tally.Read++
		if !e.Alternates() {
			tally.Repeated++
			return false, true
		}
		return true, true
	}, func(ctx context.Context, e *Entry) ([]field, error) {
		return e.counted(ctx, count)
	}, func(_ *Entry, fields []field) error {
		tally.Conversations++
		progress(tally)
		return out.add(fields)
	})
	if err == nil && tally.Conversations == 0 {
		err = tally.why(&Cut{})
	}
	return tally, errors.Join(err, out.close())
}

// counted is the entry with its counts.
func (e *Entry) counted(ctx context.Context, count Count) ([]field, error) {
	var human, gpt lengths
	turns := make([][]field, len(e.Turns))
	for i, turn := range e.Turns {
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
	if e.ID != nil {
		fields = append(fields, field{"id", e.ID})
	}
	return append(fields, field{"conversations", turns}, field{"num_round", len(e.Turns)},
		field{"average_human_token", human.mean()}, field{"max_human_token", human.largest()},
		field{"average_gpt_token", gpt.mean()}, field{"max_gpt_token", gpt.largest()}), nil
}

// lengths are of some texts; without any, figures are a whole 0, as in the
// original.
type lengths struct{ n, sum, most int }

func (l *lengths) add(n int) {
	l.n++
	l.sum += n
	l.most = max(l.most, n)
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
	return float64(l.most)
}
