package main

import (
	"context"
	"math"
	"runtime"
	"sync"
	"time"

	"github.com/LMCache/LMBench/tools/results/goodput"
	"github.com/LMCache/LMBench/tools/results/metrics"
	"github.com/LMCache/LMBench/tools/results/record"
	"github.com/LMCache/LMBench/tools/results/suite"
)

// measured is a point and what its requests say.
type measured struct {
	suite.Point
	line    *line // the curve it belongs to
	latest  bool  // no newer run of the same point
	sample  *sample
	warning error // why there are no requests, or not all
}

// sampled reads every point's requests, several points at a time, and keeps of each
// only what is drawn.
func sampled(ctx context.Context, points []suite.Point, g goodput.Goals) ([]*measured, error) {
	runs := make([]*measured, len(points))
	next := make(chan *measured)
	var readers sync.WaitGroup
	for range min(4, runtime.GOMAXPROCS(0)) {
		readers.Go(func() {
			for run := range next {
				run.sample, run.warning = read(&run.Point, g)
			}
		})
	}
	for i := range points {
		runs[i] = &measured{Point: points[i]}
		if runs[i].Failed == nil && ctx.Err() == nil {
			next <- runs[i]
		}
	}
	close(next)
	readers.Wait()
	return runs, ctx.Err()
}

// requests are the columns of a point's requests that are drawn: seconds, the
// instants since the first launch. NaN is none. Single precision is a part in ten
// million and halves the memory.
type requests struct {
	launch, finish         []float32
	ttft, tpot, e2el, lag  []float32
	user, turn             []int32
	start                  float64 // epoch seconds of the first launch that was read
	prompt, cached         float64 // tokens of the requests that tell
	gaps                   gaps
	failures               []failure
	good                   int
	engine                 []reading
	firstLaunch, lastPoint float64
}

// failure is a request that failed, seconds since the start.
type failure struct {
	at   float64
	text string
}

// read reads a point's requests; with an error it has those that could be read.
func read(p *suite.Point, g goodput.Goals) (s *sample, warning error) {
	r := requests{firstLaunch: math.Inf(1), lastPoint: math.Inf(-1)}
	for row, err := range p.Requests(r.addSample) {
		if warning = err; err == nil && row.Stamped() {
			r.add(&row, g)
		}
	}
	if len(r.launch) == 0 {
		return nil, warning
	}
	return r.sample(p), warning
}

func (r *requests) add(row *record.Row, g goodput.Goals) {
	if len(r.launch) == 0 {
		r.start = row.LaunchTime
	}
	r.firstLaunch, r.lastPoint = min(r.firstLaunch, row.LaunchTime), max(r.lastPoint, row.FinishTime)
	r.launch = append(r.launch, float32(row.LaunchTime-r.start))
	r.finish = append(r.finish, float32(row.FinishTime-r.start))
	nan := float32(math.NaN())
	ttft, tpot, e2el, lag := nan, nan, nan, nan
	if row.ScheduledTime != 0 {
		lag = float32(max(0, row.LaunchTime-row.ScheduledTime))
	}
	if row.OK() {
		if row.TTFT != nil {
			ttft = float32(*row.TTFT)
		}
		tpot = float32(metrics.TPOT(0, record.Value(row.GenerationTime), record.Value(row.GenerationTokens)))
		e2el = float32(row.FinishTime - row.LaunchTime)
		if g.Met(float64(ttft), float64(tpot), float64(e2el)) {
			r.good++
		}
		if row.CachedTokens != nil && row.PromptTokens != nil {
			r.cached += *row.CachedTokens
			r.prompt += *row.PromptTokens
		}
		for _, gap := range row.Gaps {
			r.gaps.add(gap)
		}
	} else if len(r.failures) < mostFailures {
		r.failures = append(r.failures, failure{row.LaunchTime, row.Error})
	}
	r.ttft, r.tpot, r.e2el, r.lag = append(r.ttft, ttft), append(r.tpot, tpot), append(r.e2el, e2el), append(r.lag, lag)
	turn := row.QuestionID
	if turn == 0 {
		turn = row.QuestionNumber
	}
	r.user, r.turn = append(r.user, int32(row.UserID)), append(r.turn, int32(turn))
}

// mostFailures are marked in a timeline; more would be one red bar.
const mostFailures = 400

// gaps counts the times between chunks by size, in classes less than 0.8 % wide:
// of a whole suite there are too many to keep.
type gaps struct {
	counts map[uint32]int
	total  int
}

// class is the exponent and the first seven bits of the fraction.
func (g *gaps) add(gap time.Duration) {
	if g.counts == nil {
		g.counts = map[uint32]int{}
	}
	g.counts[uint32(math.Float64bits(float64(max(gap.Microseconds(), 1)))>>45)]++
	g.total++
}

// middle of a class, in milliseconds.
func middle(class uint32) float64 {
	return math.Float64frombits(uint64(class)<<45|1<<44) / 1000
}
