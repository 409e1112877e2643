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

	"github.com/LMCache/LMBench/tools/engine/openai"
	"github.com/LMCache/LMBench/tools/load/monitor"
	"github.com/LMCache/LMBench/tools/load/schedule"
)

// clientProcess is the argument that starts a client.
const clientProcess = "client"

// A clientTask tells a client's process what to do.
type clientTask struct {
	Client   string // ours, netHTTP or socket
	URL      string
	Scenario scenario
	Profile  string // file for a CPU profile; empty for none
}

// timestamps are a client's own times of one request; see timestamp. A time is 0 if the
// event did not happen.
type timestamps struct {
	Due, Launch, Written int64
	Chunks               []int64
	Finish               int64
	Err                  string
}

// A clientReport is what a client's process sends at its end.
type clientReport struct {
	Requests       []timestamps
	CPU            time.Duration
	Memory         int64 // peak in bytes, above that before the first request
	MostConcurrent int64 // requests
	GCPauses       uint64
	LongestGCPause time.Duration
}

// A client sends the requests of a scenario.
type client interface {
	// warm opens n connections.
	warm(ctx context.Context, n int) error
	// send sends all requests, from start on, and returns when they have ended. It
	// counts the concurrent requests in p.
	send(ctx context.Context, s scenario, start time.Time, p *peak)
	// timestamps returns the times of each request, in the order of sending.
	timestamps() []timestamps
}

// The clients that bench knows.
const (
	ours    = "ours"     // of the workloads
	netHTTP = "net/http" // the same over net/http's transport
	socket  = "socket"   // on a raw socket
)

func newClient(t clientTask) (client, error) {
	switch t.Client {
	case ours:
		return newOpenAIClient(t, openai.HTTP1)
	case netHTTP:
		return newOpenAIClient(t, openai.NetHTTP)
	case socket:
		return newSocketClient(t), nil
	}
	return nil, fmt.Errorf("unknown client %q", t.Client)
}

// runClient is the process of a client. The task is JSON.
func runClient(ctx context.Context, taskJSON string, p process) error {
	var t clientTask
	if err := json.Unmarshal([]byte(taskJSON), &t); err != nil {
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
	stopProfile, err := startProfile(t.Profile)
	if err != nil {
		return err
	}
	defer stopProfile()
	runtime.GC()
	pausesBefore, cpuBefore := monitor.ReadGCPauses(), monitor.CPUTime()
	top := watchPeak()
	c.send(ctx, t.Scenario, time.Now().Add(10*ms), top)
	top.end()
	report := clientReport{CPU: monitor.CPUTime() - cpuBefore, Memory: top.memory, MostConcurrent: top.mostConcurrent}
	pauses, longest, _ := monitor.ReadGCPauses().Since(pausesBefore)
	report.GCPauses, report.LongestGCPause = pauses, schedule.Seconds(longest)
	report.Requests = c.timestamps()
	return gob.NewEncoder(p.stdout).Encode(report)
}

// startProfile starts a CPU profile of this process, unless the path is empty. The
// function that it returns ends the profile.
func startProfile(path string) (stop func(), err error) {
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

// spin waits until an instant without sleeping, letting other goroutines run.
func spin(t time.Time) {
	for time.Until(t) > 0 {
		runtime.Gosched()
	}
}
