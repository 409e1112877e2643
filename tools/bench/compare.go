package main

import (
	"math"
	"strconv"

	"github.com/LMCache/LMBench/tools/load/refengine"
	"github.com/LMCache/LMBench/tools/results/metrics"
)

// figures are one client's in one scenario. Distributions are in milliseconds,
// each chunk compared with the engine's own time for it.
type figures struct {
	client, scenario string
	requests, failed int
	chunks           int
	failure          string  // the first
	asked, achieved  float64 // requests a second; asked is 0 in a closed loop

	launchLag, writeLag metrics.Distribution // from due
	ttft                metrics.Distribution // client's first chunk - engine's first write
	gap                 metrics.Distribution // |client's gap - engine's gap|, all pooled
	e2el                metrics.Distribution // client's end - engine's last write
	served              metrics.Distribution // engine's first write - request read: what TTFT should be
	cpuRequest          float64              // µs
	cpuChunk            float64              // µs; 0: not streamed
	events              float64              // chunks a second of the run
	memory              float64              // kB for each request under way, at the most
	most                int64
	pauses              uint64
	longest             float64 // ms, of a pause
	engineCPU           float64 // s
}

// compare sets what a client saw against what the engine wrote.
func compare(s scenario, name string, c clientReport, e engineReport) figures {
	f := figures{
		client: name, scenario: s.Name, requests: len(c.Stamps), asked: s.Rate, most: c.Most,
		pauses: c.Pauses, longest: c.Longest.Seconds() * 1000, engineCPU: e.CPU.Seconds(),
	}
	notes := map[string]*refengine.Note{}
	for i := range e.Notes {
		notes[e.Notes[i].User] = &e.Notes[i]
	}
	var launch, write, ttft, gap, e2el, served []float64
	first, last, firstLaunch, lastLaunch := int64(math.MaxInt64), int64(0), int64(math.MaxInt64), int64(0)
	for i := range c.Stamps {
		x := &c.Stamps[i]
		f.chunks += len(x.Chunks)
		first, last = min(first, x.Launch), max(last, x.Finish)
		firstLaunch, lastLaunch = min(firstLaunch, x.Launch), max(lastLaunch, x.Launch)
		note := notes[strconv.Itoa(i)]
		if wrong := fault(x, note, s); wrong != "" {
			if f.failed++; f.failure == "" {
				f.failure = wrong
			}
			continue
		}
		if x.Due-c.Stamps[0].Due < s.Settle.Nanoseconds() {
			continue
		}
		launch, write = append(launch, millis(x.Launch-x.Due)), append(write, millis(x.Written-x.Due))
		wrote := func(k int) int64 { return e.Started + int64(note.Written[k]) }
		served = append(served, millis(int64(note.Written[0]-note.Read)))
		e2el = append(e2el, millis(x.Finish-wrote(len(note.Written)-1)))
		for k := range x.Chunks {
			if k == 0 {
				ttft = append(ttft, millis(x.Chunks[0]-wrote(0)))
				continue
			}
			gap = append(gap, math.Abs(millis(x.Chunks[k]-x.Chunks[k-1]-(wrote(k)-wrote(k-1)))))
		}
	}
	f.launchLag, f.writeLag, f.ttft = metrics.Distribute(launch), metrics.Distribute(write), metrics.Distribute(ttft)
	f.gap, f.e2el, f.served = metrics.Distribute(gap), metrics.Distribute(e2el), metrics.Distribute(served)
	n := float64(len(c.Stamps))
	if s.Rate > 0 {
		f.achieved = (n - 1) / seconds(lastLaunch-firstLaunch)
	} else {
		f.achieved = n / seconds(last-first)
	}
	micros := c.CPU.Seconds() * 1e6
	f.cpuRequest = micros / n
	if f.chunks > 0 {
		f.cpuChunk = micros / float64(f.chunks)
		f.events = float64(f.chunks) / seconds(last-first)
	}
	f.memory = float64(c.Memory) / 1000 / float64(max(c.Most, 1))
	return f
}

// fault is why a request counts as failed; "": it does not.
func fault(x *stamps, note *refengine.Note, s scenario) string {
	switch {
	case x.Err != "":
		return x.Err
	case note == nil:
		return "the engine never had the request"
	case !s.Engine.Whole && (len(x.Chunks) != s.Engine.Chunks || len(note.Written) != s.Engine.Chunks):
		return "chunks were lost"
	}
	return ""
}

func millis(ns int64) float64  { return float64(ns) / 1e6 }
func seconds(ns int64) float64 { return float64(ns) / 1e9 }
