package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"syscall"

	"github.com/LMCache/LMBench/tools/load/refengine"
	"github.com/LMCache/LMBench/tools/results/metrics"
	"github.com/LMCache/LMBench/tools/results/record"
)

// external is a client of another project, run by the shell.
type external struct {
	command string
	rows    string // CSV that it writes, in LMBench's format; empty for none
}

// measure runs the client against the engine of a scenario. Its figures come from the
// engine's log and, if it writes rows, from comparing their timestamps with that log.
func (c *external) measure(ctx context.Context, p *process, s scenario) (figures, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	engine, url, err := p.startEngine(ctx, s)
	if err != nil {
		return figures{}, err
	}
	command := exec.CommandContext(ctx, "/bin/sh", "-c", c.command)
	command.Stdout, command.Stderr = p.stderr, p.stderr
	command.Env = append(os.Environ(), "BASE_URL="+url, "REQUESTS="+strconv.Itoa(s.Requests),
		fmt.Sprintf("RATE=%g", s.Rate), "TOKENS="+strconv.Itoa(s.Engine.Chunks))
	if err := command.Run(); err != nil {
		return figures{}, fmt.Errorf("--peer: %w", err)
	}
	var wrote engineReport
	if err := engine.end(&wrote); err != nil {
		return figures{}, fmt.Errorf("%s: engine: %w", s.Name, err)
	}
	f := figuresFromLog(s, wrote)
	if used, ok := command.ProcessState.SysUsage().(*syscall.Rusage); ok {
		micros := float64(used.Utime.Nano()+used.Stime.Nano()) / 1000
		f.cpuPerRequest = micros / float64(max(f.requests, 1))
		f.cpuPerChunk = micros / float64(max(f.chunks, 1))
	}
	if c.rows != "" {
		err = c.compareRows(&f, wrote)
	}
	return f, err
}

// figuresFromLog returns the figures that the engine's log contains.
func figuresFromLog(s scenario, e engineReport) figures {
	f := figures{client: "peer", scenario: s.Name, requests: len(e.Log)}
	var reads, engineTTFT []float64
	for _, entry := range e.Log {
		reads = append(reads, entry.Read.Seconds())
		f.chunks += len(entry.Written)
		if len(entry.Written) > 0 {
			engineTTFT = append(engineTTFT, millis(int64(entry.Written[0]-entry.Read)))
		}
		if len(entry.Written) < s.Engine.Chunks {
			f.failed++
			f.firstFailure = "the client closed the connection"
		}
	}
	f.engineTTFT = metrics.Distribute(engineTTFT)
	if n := len(reads); n > 1 {
		span := slices.Max(reads) - slices.Min(reads)
		f.achieved = float64(n-1) / span
		f.chunkRate = float64(f.chunks) / span
	}
	return f
}

// compareRows compares the timestamps of the client's rows with the engine's log. Row k
// of a user belongs to request k with this x-user-id, both in order of time.
func (c *external) compareRows(f *figures, e engineReport) error {
	file, err := os.Open(c.rows)
	if err != nil {
		return fmt.Errorf("--peer-rows: %w", err)
	}
	defer file.Close()
	rows := map[int][]record.Row{}
	for row, err := range record.Read(file) {
		if err != nil {
			return fmt.Errorf("--peer-rows: %s: %w", c.rows, err)
		}
		rows[row.UserID] = append(rows[row.UserID], row)
	}
	entries := map[int][]refengine.LogEntry{}
	for _, entry := range e.Log {
		if user, err := strconv.Atoi(entry.User); err == nil {
			entries[user] = append(entries[user], entry)
		}
	}
	var ttft, e2el []float64
	for user, sent := range rows {
		slices.SortFunc(sent, func(a, b record.Row) int { return cmp.Compare(a.LaunchTime, b.LaunchTime) })
		slices.SortFunc(entries[user], func(a, b refengine.LogEntry) int { return cmp.Compare(a.Read, b.Read) })
		for k, row := range sent {
			if k >= len(entries[user]) || row.TTFT == nil || !row.OK() {
				f.failed++
				f.firstFailure = "a row of a failed request, or without a request in the engine's log"
				continue
			}
			wrote := func(i int) float64 { return e.Wall + entries[user][k].Written[i].Seconds() }
			ttft = append(ttft, 1000*(row.LaunchTime+*row.TTFT-wrote(0)))
			e2el = append(e2el, 1000*(row.FinishTime-wrote(len(entries[user][k].Written)-1)))
		}
	}
	f.ttft, f.e2el = metrics.Distribute(ttft), metrics.Distribute(e2el)
	return nil
}
