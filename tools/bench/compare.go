package main

import (
	"math"
	"strconv"

	"github.com/LMCache/LMBench/tools/load/refengine"
	"github.com/LMCache/LMBench/tools/results/metrics"
)

// figures describe one run of one client. Distributions are in milliseconds and compare
// the client's timestamps with the engine's.
type figures struct {
	client, scenario string
	requests, failed int
	chunks           int
	firstFailure     string
	offered          float64 // requests per second; 0 in a closed loop
	achieved         float64 // requests per second

	launchLag, writeLag metrics.Distribution // launch - due, written - due
	ttft                metrics.Distribution // client's first chunk - engine's first write
	itl                 metrics.Distribution // |client's ITL - engine's ITL|, all chunks pooled
	e2el                metrics.Distribution // client's end - engine's last write
	engineTTFT          metrics.Distribution // engine's first write - end of the request
	cpuPerRequest       float64              // µs
	cpuPerChunk         float64              // µs; 0 if not streamed
	chunkRate           float64              // chunks per second of the run
	memory              float64              // peak per concurrent request, in kB
	mostConcurrent      int64                // requests
	gcPauses            uint64
	longestGCPause      float64 // ms
}

// compare compares the timestamps of a client with those of the engine.
func compare(s scenario, name string, c clientReport, e engineReport) figures {
	f := figures{
		client: name, scenario: s.Name, requests: len(c.Requests), offered: s.Rate, mostConcurrent: c.MostConcurrent,
		gcPauses: c.GCPauses, longestGCPause: c.LongestGCPause.Seconds() * 1000,
	}
	entries := map[string]*refengine.LogEntry{}
	for i := range e.Log {
		entries[e.Log[i].User] = &e.Log[i]
	}
	var launch, written, ttft, itl, e2el, engineTTFT []float64
	first, last, firstLaunch, lastLaunch := int64(math.MaxInt64), int64(0), int64(math.MaxInt64), int64(0)
	for i := range c.Requests {
		x := &c.Requests[i]
		f.chunks += len(x.Chunks)
		first, last = min(first, x.Launch), max(last, x.Finish)
		firstLaunch, lastLaunch = min(firstLaunch, x.Launch), max(lastLaunch, x.Launch)
		entry := entries[strconv.Itoa(i)]
		if reason := failure(x, entry, s); reason != "" {
			if f.failed++; f.firstFailure == "" {
				f.firstFailure = reason
			}
			continue
		}
		if x.Due-c.Requests[0].Due < s.Settle.Nanoseconds() {
			continue
		}
		launch, written = append(launch, millis(x.Launch-x.Due)), append(written, millis(x.Written-x.Due))
		wrote := func(k int) int64 { return e.Started + int64(entry.Written[k]) }
		engineTTFT = append(engineTTFT, millis(int64(entry.Written[0]-entry.Read)))
		e2el = append(e2el, millis(x.Finish-wrote(len(entry.Written)-1)))
		for k := range x.Chunks {
			if k == 0 {
				ttft = append(ttft, millis(x.Chunks[0]-wrote(0)))
				continue
			}
			itl = append(itl, math.Abs(millis(x.Chunks[k]-x.Chunks[k-1]-(wrote(k)-wrote(k-1)))))
		}
	}
	f.launchLag, f.writeLag, f.ttft = metrics.Distribute(launch), metrics.Distribute(written), metrics.Distribute(ttft)
	f.itl, f.e2el, f.engineTTFT = metrics.Distribute(itl), metrics.Distribute(e2el), metrics.Distribute(engineTTFT)
	n := float64(len(c.Requests))
	if s.Rate > 0 {
		f.achieved = (n - 1) / seconds(lastLaunch-firstLaunch)
	} else {
		f.achieved = n / seconds(last-first)
	}
	micros := c.CPU.Seconds() * 1e6
	f.cpuPerRequest = micros / n
	if f.chunks > 0 {
		f.cpuPerChunk = micros / float64(f.chunks)
		f.chunkRate = float64(f.chunks) / seconds(last-first)
	}
	f.memory = float64(c.Memory) / 1000 / float64(max(c.MostConcurrent, 1))
	return f
}

// failure returns why a request counts as failed, or "" if it does not.
func failure(x *timestamps, entry *refengine.LogEntry, s scenario) string {
	switch {
	case x.Err != "":
		return x.Err
	case entry == nil:
		return "the request did not reach the engine"
	case !s.Engine.Whole && (len(x.Chunks) != s.Engine.Chunks || len(entry.Written) != s.Engine.Chunks):
		return "chunks were lost"
	}
	return ""
}

func millis(ns int64) float64  { return float64(ns) / 1e6 }
func seconds(ns int64) float64 { return float64(ns) / 1e9 }
