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

// measurement is a point with what its requests say.
type measurement struct {
	suite.Point
	curve   *curve // that it belongs to
	latest  bool   // it is the latest run of its point
	sample  *sample
	warning error // why requests are missing
}

// readSamples reads the requests of all points, several points at a time, and keeps only
// what is drawn.
func readSamples(ctx context.Context, points []suite.Point, goals goodput.Goals) ([]*measurement, error) {
	all := make([]*measurement, len(points))
	next := make(chan *measurement)
	var readers sync.WaitGroup
	for range min(4, runtime.GOMAXPROCS(0)) {
		readers.Go(func() {
			for m := range next {
				m.sample, m.warning = readSample(&m.Point, goals)
			}
		})
	}
	for i := range points {
		all[i] = &measurement{Point: points[i]}
		if all[i].Failed == nil && ctx.Err() == nil {
			next <- all[i]
		}
	}
	close(next)
	readers.Wait()
	return all, ctx.Err()
}

// requests holds the requests of a point by column. Times are in seconds, instants
// since start; NaN stands for a missing value. Single precision is exact to a part in
// ten million and halves the memory.
type requests struct {
	launch, finish          []float32
	ttft, tpot, e2el, lag   []float32
	user, turn              []int32
	start                   float64 // epoch seconds of the first launch in the file
	prompt, cached          float64 // tokens of the requests that report both
	gaps                    gaps
	failures                []failure
	good                    int
	scrapes                 []scrape
	firstLaunch, lastFinish float64
}

// failure is a failed request.
type failure struct {
	at   float64 // seconds since the first launch
	text string
}

// readSample reads a point's requests. With a warning the sample has those that could be
// read, or is nil.
func readSample(p *suite.Point, goals goodput.Goals) (s *sample, warning error) {
	r := requests{firstLaunch: math.Inf(1), lastFinish: math.Inf(-1)}
	for row, err := range p.Requests(r.addScrape) {
		if warning = err; err == nil && row.Stamped() {
			r.add(&row, goals)
		}
	}
	if len(r.launch) == 0 {
		return nil, warning
	}
	return r.sample(p), warning
}

func (r *requests) add(row *record.Row, goals goodput.Goals) {
	if len(r.launch) == 0 {
		r.start = row.LaunchTime
	}
	r.firstLaunch, r.lastFinish = min(r.firstLaunch, row.LaunchTime), max(r.lastFinish, row.FinishTime)
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
		if goals.Met(float64(ttft), float64(tpot), float64(e2el)) {
			r.good++
		}
		if row.CachedTokens != nil && row.PromptTokens != nil {
			r.cached += *row.CachedTokens
			r.prompt += *row.PromptTokens
		}
		for _, gap := range row.Gaps {
			r.gaps.add(gap)
		}
	} else if len(r.failures) < maxFailures {
		r.failures = append(r.failures, failure{row.LaunchTime, row.Error})
	}
	r.ttft, r.tpot, r.e2el, r.lag = append(r.ttft, ttft), append(r.tpot, tpot), append(r.e2el, e2el), append(r.lag, lag)
	turn := row.QuestionID
	if turn == 0 {
		turn = row.QuestionNumber
	}
	r.user, r.turn = append(r.user, int32(row.UserID)), append(r.turn, int32(turn))
}

// maxFailures is how many failures a timeline shows; more would be one red bar.
const maxFailures = 400

// gaps counts the times between chunks in classes less than 0.8 % wide. A suite has too
// many of them to keep each.
type gaps struct {
	counts map[uint32]int
	total  int
}

// add counts a gap. Its class is the exponent and the first seven bits of the fraction.
func (g *gaps) add(gap time.Duration) {
	if g.counts == nil {
		g.counts = map[uint32]int{}
	}
	g.counts[uint32(math.Float64bits(float64(max(gap.Microseconds(), 1)))>>45)]++
	g.total++
}

// middle returns the middle of a class in milliseconds.
func middle(class uint32) float64 {
	return math.Float64frombits(uint64(class)<<45|1<<44) / 1000
}
