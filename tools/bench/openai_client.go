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

// An openAIClient is the workloads' client, scheduled as in a workload.
type openAIClient struct {
	client   *openai.Client
	prompt   chat.Text
	chunks   int            // per answer
	backend  openai.Backend // nil: completions, streamed
	start    time.Time
	requests []*request
}

type request struct {
	i     int
	due   time.Duration // since the start
	reply openai.Reply
	err   error
}

func newOpenAIClient(t clientTask, transport string) (client, error) {
	schedule.Prepare()
	c, err := openai.New(openai.Config{BaseURL: t.URL, Transport: transport, StallTimeout: 300 * time.Second})
	if err != nil {
		return nil, err
	}
	o := &openAIClient{client: c, prompt: chat.Text{prompt(t.Scenario)}, chunks: t.Scenario.Engine.Chunks}
	if t.Scenario.Engine.Whole {
		o.backend = openai.NonStreaming()
	}
	return o, nil
}

// prompt returns the prompt of every request of a scenario.
func prompt(s scenario) string { return strings.Repeat("hi ", s.Prompt/3+1)[:s.Prompt] }

func (o *openAIClient) warm(ctx context.Context, n int) error { return o.client.Warm(ctx, n) }

func (o *openAIClient) send(ctx context.Context, s scenario, start time.Time, p *peak) {
	o.start = start
	o.requests = make([]*request, s.Requests)
	for i := range o.requests {
		o.requests[i] = &request{i: i}
	}
	var plan schedule.Plan[*request] = &closedLoop{requests: o.requests, free: s.Workers, start: start}
	if s.Rate > 0 {
		plan = &schedule.OpenLoop[*request]{
			Arrivals: schedule.Constant(s.Rate, s.Requests),
			Item: func(i int, due time.Duration) *request {
				o.requests[i].due = due
				return o.requests[i]
			},
			Final: func(*request) {},
		}
	}
	schedule.Do(ctx, ctx, schedule.Options{Start: start, Precise: true}, plan, func(ctx context.Context, r *request, _ schedule.Dispatch) {
		p.concurrent.Add(1)
		r.reply, r.err = o.client.Stream(ctx, o.payload(r))
		p.concurrent.Add(-1)
	})
}

func (o *openAIClient) payload(r *request) openai.Request {
	return openai.Request{
		Model: "reference", Prompt: o.prompt, MaxTokens: o.chunks, UserID: strconv.Itoa(r.i), Plain: true, Unread: true, Backend: o.backend,
	}
}

func (o *openAIClient) timestamps() []timestamps {
	var all []timestamps
	for _, r := range o.requests {
		s := timestamps{Due: timestamp(o.start.Add(r.due)), Launch: timestamp(r.reply.Launch)}
		s.Written = s.Launch + int64(r.reply.Written)
		for _, at := range r.reply.Chunks {
			s.Chunks = append(s.Chunks, s.Launch+int64(at))
		}
		s.Finish = s.Launch + int64(r.reply.Finish)
		if r.err != nil {
			s.Err = r.err.Error()
		}
		all = append(all, s)
	}
	return all
}

// A closedLoop is a plan for a fixed number of workers, each of which sends its next
// request when the previous one has ended.
type closedLoop struct {
	requests []*request
	next     int // index of the next request
	free     int // workers without a request
	start    time.Time
}

func (c *closedLoop) Next() (time.Duration, bool) { return 0, c.free > 0 && c.next < len(c.requests) }

func (c *closedLoop) Start() *request {
	r := c.requests[c.next]
	r.due = time.Since(c.start)
	c.next++
	c.free--
	return r
}

func (c *closedLoop) Done(*request) { c.free++ }
