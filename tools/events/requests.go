package main

import (
	"math"

	"github.com/LMCache/LMBench/tools/results/eventlog"
	"github.com/LMCache/LMBench/tools/results/metrics"
	"github.com/LMCache/LMBench/tools/results/record"
)

// load is what a log says of its requests, in the terms that the definitions of
// all tools are made of.
type load struct {
	ok          []request
	failed      int
	accumulator metrics.Accumulator

	firstDue, firstLaunch, lastDue, lastFinish float64 // epoch seconds, all requests
}

// request is a successful request. Times are in seconds.
type request struct {
	due, launch  float64   // since 1970
	first, last  float64   // launch to the first and the last chunk with text
	whole        float64   // launch to the end of the stream
	gaps         []float64 // between chunks
	tokens       []int     // of each chunk; 1 where it is not known
	input, total float64   // tokens of prompt and answer
}

// gather reads a log to its end. With an error it returns what came before.
func gather(log *eventlog.Reader) (*load, error) {
	l := &load{firstDue: math.Inf(1), firstLaunch: math.Inf(1), lastDue: math.Inf(-1), lastFinish: math.Inf(-1)}
	for {
		event, err := log.Next()
		if err != nil {
			return l, atEnd(err)
		}
		if r, is := event.(*eventlog.Request); is {
			l.add(r)
		}
	}
}

func (l *load) add(r *eventlog.Request) {
	row := &r.Row
	l.accumulator.Add(row)
	due := row.ScheduledTime
	if due == 0 {
		due = row.LaunchTime
	}
	l.firstDue, l.lastDue = min(l.firstDue, due), max(l.lastDue, due)
	l.firstLaunch, l.lastFinish = min(l.firstLaunch, row.LaunchTime), max(l.lastFinish, row.FinishTime)
	if !row.OK() {
		l.failed++
		return
	}
	one := request{due: due, launch: row.LaunchTime, first: record.Value(row.TTFT), whole: row.FinishTime - row.LaunchTime,
		input: count(row.PromptTokens), total: count(row.GenerationTokens)}
	if row.Latency != nil {
		one.whole = *row.Latency
	}
	one.last = one.first
	for i := 1; i < len(r.Arrivals); i++ {
		gap := (r.Arrivals[i] - r.Arrivals[i-1]).Seconds()
		one.gaps = append(one.gaps, gap)
		one.last += gap
	}
	for i := range r.Arrivals {
		tokens := 1
		if i < len(r.Tokens) {
			tokens = max(1, r.Tokens[i])
		}
		one.tokens = append(one.tokens, tokens)
	}
	l.ok = append(l.ok, one)
}

// each returns a quantity of every successful request.
func (l *load) each(quantity func(*request) float64) []float64 {
	values := make([]float64, len(l.ok))
	for i := range l.ok {
		values[i] = quantity(&l.ok[i])
	}
	return values
}

func (l *load) sum(quantity func(*request) float64) float64 {
	total := 0.0
	for _, v := range l.each(quantity) {
		total += v
	}
	return total
}

func (l *load) gaps() (all []float64) {
	for i := range l.ok {
		all = append(all, l.ok[i].gaps...)
	}
	return all
}

func first(r *request) float64  { return r.first }
func last(r *request) float64   { return r.last }
func whole(r *request) float64  { return r.whole }
func input(r *request) float64  { return r.input }
func output(r *request) float64 { return r.total }

// over returns amount / by, or NaN unless by is positive.
func over(amount, by float64) float64 {
	if !(by > 0) {
		return math.NaN()
	}
	return amount / by
}

// perToken returns vLLM's time per output token, which many tools share.
func perToken(r *request) float64 {
	return metrics.TPOT(r.first, r.last, r.total)
}

func count(cell *float64) float64 {
	if cell == nil {
		return 0
	}
	return *cell
}
