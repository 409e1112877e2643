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

// peer is another client, run by the shell.
type peer struct {
	command string
	rows    string // CSV it writes, with LMBench's columns; "": none
}

// measure runs the peer against a scenario's engine. What it sends when is its
// own affair: the figures are those of the engine's log and, where it writes
// rows, of their stamps against that log.
func (c *peer) measure(ctx context.Context, p *process, s scenario) (figures, error) {
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
	f := byLog(s, wrote)
	if used, ok := command.ProcessState.SysUsage().(*syscall.Rusage); ok {
		micros := float64(used.Utime.Nano()+used.Stime.Nano()) / 1000
		f.cpuRequest = micros / float64(max(f.requests, 1))
		f.cpuChunk = micros / float64(max(f.chunks, 1))
	}
	if c.rows != "" {
		err = c.setAgainst(&f, wrote)
	}
	return f, err
}

// byLog is what the engine's log tells of a client.
func byLog(s scenario, e engineReport) figures {
	f := figures{client: "peer", scenario: s.Name, requests: len(e.Notes)}
	var reads, served []float64
	for _, note := range e.Notes {
		reads = append(reads, note.Read.Seconds())
		f.chunks += len(note.Written)
		if len(note.Written) > 0 {
			served = append(served, millis(int64(note.Written[0]-note.Read)))
		}
		if len(note.Written) < s.Engine.Chunks {
			f.failed++
			f.failure = "the client went away"
		}
	}
	f.served = metrics.Distribute(served)
	if n := len(reads); n > 1 {
		span := slices.Max(reads) - slices.Min(reads)
		f.achieved = float64(n-1) / span
		f.events = float64(f.chunks) / span
	}
	return f
}

// setAgainst compares the stamps in a peer's rows with the engine's: the k-th
// row of a user is the k-th request that came under this x-user-id.
func (c *peer) setAgainst(f *figures, e engineReport) error {
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
	notes := map[int][]refengine.Note{}
	for _, note := range e.Notes {
		if user, err := strconv.Atoi(note.User); err == nil {
			notes[user] = append(notes[user], note)
		}
	}
	var ttft, e2el []float64
	for user, told := range rows {
		slices.SortFunc(told, func(a, b record.Row) int { return cmp.Compare(a.LaunchTime, b.LaunchTime) })
		slices.SortFunc(notes[user], func(a, b refengine.Note) int { return cmp.Compare(a.Read, b.Read) })
		for k, row := range told {
			if k >= len(notes[user]) || row.TTFT == nil || !row.OK() {
				f.failed++
				f.failure = "a row without its request, or of a failure"
				continue
			}
			wrote := func(i int) float64 { return e.Wall + notes[user][k].Written[i].Seconds() }
			ttft = append(ttft, 1000*(row.LaunchTime+*row.TTFT-wrote(0)))
			e2el = append(e2el, 1000*(row.FinishTime-wrote(len(notes[user][k].Written)-1)))
		}
	}
	f.ttft, f.e2el = metrics.Distribute(ttft), metrics.Distribute(e2el)
	return nil
}
