package main

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/LMCache/LMBench/tools/data/chat"
	"github.com/LMCache/LMBench/tools/engine/openai"
	"github.com/LMCache/LMBench/tools/load/schedule"
)

// ours is the client of the workloads, driven as they drive it.
type ours struct {
	client  *openai.Client
	prompt  chat.Text
	answer  int // chunks
	call    *openai.Call
	start   time.Time
	answers []*answer
}

type answer struct {
	i     int
	due   time.Duration
	reply openai.Reply
	err   error
}

func newOurs(t task) (client, error) {
	schedule.Prepare()
	c, err := openai.New(openai.Config{BaseURL: t.URL, StallTimeout: 300 * time.Second})
	if err != nil {
		return nil, err
	}
	o := &ours{client: c, prompt: chat.Text{prompt(t.Scenario)}, answer: t.Scenario.Engine.Chunks}
	if t.Scenario.Engine.Whole {
		o.call = &openai.Call{
			Path: "/v1/completions", Before: `{"model":"metronome","prompt":"`,
			After: `","max_tokens":` + strconv.Itoa(o.answer) + `}`, Answer: openai.Whole,
		}
	}
	return o, nil
}

func prompt(s scenario) string { return strings.Repeat("hi ", s.Prompt/3+1)[:s.Prompt] }

func (o *ours) warm(ctx context.Context, n int) error { return o.client.Warm(ctx, n) }

func (o *ours) drive(ctx context.Context, s scenario, start time.Time, p *peak) {
	o.start = start
	o.answers = make([]*answer, s.Requests)
	for i := range o.answers {
		o.answers[i] = &answer{i: i}
	}
	var plan schedule.Plan[*answer] = &closedLoop{all: o.answers, free: s.Workers, start: start}
	if s.Rate > 0 {
		plan = &schedule.OpenLoop[*answer]{
			Arrivals: schedule.Constant(s.Rate, s.Requests),
			Item: func(i int, due time.Duration) *answer {
				o.answers[i].due = due
				return o.answers[i]
			},
			Final: func(*answer) {},
		}
	}
	schedule.Do(ctx, ctx, schedule.Options{Start: start, Precise: true}, plan, func(ctx context.Context, a *answer, _ schedule.Dispatch) {
		p.underWay.Add(1)
		o.send(ctx, a)
		p.underWay.Add(-1)
	})
}

func (o *ours) send(ctx context.Context, a *answer) {
	a.reply, a.err = o.client.Stream(ctx, openai.Request{
		Model: "metronome", Prompt: o.prompt, MaxTokens: o.answer, UserID: strconv.Itoa(a.i), Plain: true, Unread: true, Call: o.call,
	})
}

func (o *ours) saw() []stamps {
	var all []stamps
	for _, a := range o.answers {
		s := stamps{Due: stampOf(o.start.Add(a.due)), Launch: stampOf(a.reply.Launch)}
		s.Written = s.Launch + int64(a.reply.Written)
		for _, at := range a.reply.Chunks {
			s.Chunks = append(s.Chunks, s.Launch+int64(at))
		}
		s.Finish = s.Launch + int64(a.reply.Finish)
		if a.err != nil {
			s.Err = a.err.Error()
		}
		all = append(all, s)
	}
	return all
}

// closedLoop is a plan of a fixed number of workers, each of which sends its
// next request once the one before is answered.
type closedLoop struct {
	all   []*answer
	free  int
	next  int
	start time.Time
}

func (c *closedLoop) Next() (time.Duration, bool) { return 0, c.free > 0 && c.next < len(c.all) }

func (c *closedLoop) Start() *answer {
	a := c.all[c.next]
	a.due = time.Since(c.start)
	c.next++
	c.free--
	return a
}

func (c *closedLoop) Done(*answer) { c.free++ }
