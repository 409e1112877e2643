package main

import (
	"context"
	"encoding/gob"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"time"
)

// task is what the client's process is to do.
type task struct {
	Client   string
	URL      string
	Scenario scenario
	Profile  string // file for a CPU profile; "": none
}

// stamps are a client's own times of one request; see stampOf. Zero: never.
type stamps struct {
	Due, Launch, Written int64
	Chunks               []int64
	Finish               int64
	Err                  string
}

// clientReport is what the client's process says at its end.
type clientReport struct {
	Stamps  []stamps
	CPU     time.Duration
	Memory  int64 // bytes beyond those before the first request
	Most    int64 // requests under way
	Pauses  uint64
	Longest time.Duration // pause
}

// client sends the requests of a scenario, and may be asked for what it saw
// once they have ended.
type client interface {
	// warm opens connections.
	warm(ctx context.Context, n int) error
	// drive sends request i of s from start on, and tells p when one begins and ends.
	drive(ctx context.Context, s scenario, start time.Time, p *peak)
	// saw is what happened to each request.
	saw() []stamps
}

// drive is the client's process.
func drive(ctx context.Context, order string, p process) error {
	var t task
	if err := json.Unmarshal([]byte(order), &t); err != nil {
		return err
	}
	c, err := newClient(t)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	if err := c.warm(ctx, t.Scenario.Connections); err != nil {
		return err
	}
	profiled, err := profile(t.Profile)
	if err != nil {
		return err
	}
	defer profiled()
	runtime.GC()
	before := readPauses()
	used := cpu()
	top := watchPeak()
	c.drive(ctx, t.Scenario, time.Now().Add(10*ms), top)
	top.end()
	report := clientReport{CPU: cpu() - used, Memory: top.memory, Most: top.most}
	report.Pauses, report.Longest = readPauses().since(before)
	report.Stamps = c.saw()
	return gob.NewEncoder(p.stdout).Encode(report)
}

// profile notes in a file what takes this process's time, until the function it
// returns is called; without a path nothing.
func profile(path string) (end func(), err error) {
	if path == "" {
		return func() {}, nil
	}
	file, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(file); err != nil {
		file.Close()
		return nil, err
	}
	return func() {
		pprof.StopCPUProfile()
		file.Close()
	}, nil
}

func newClient(t task) (client, error) {
	switch t.Client {
	case "ours":
		return newOurs(t)
	case "socket":
		return newSocket(t)
	}
	return nil, fmt.Errorf("no client %q", t.Client)
}

// spin waits for an instant awake, letting others run.
func spin(t time.Time) {
	for time.Until(t) > 0 {
		runtime.Gosched()
	}
}
