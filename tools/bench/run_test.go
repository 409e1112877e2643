package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/LMCache/LMBench/tools/command"
	"github.com/LMCache/LMBench/tools/load/refengine"
)

// inProcess returns a process whose children are goroutines.
func inProcess(t *testing.T) process {
	var p process
	p.stderr = t.Output()
	p.spawn = func(ctx context.Context, stderr io.Writer, args ...string) (*child, error) {
		stdin, in := io.Pipe()
		out, stdout := io.Pipe()
		ended := make(chan error, 1)
		go func() {
			err := run(ctx, args, process{stdin, stdout, stderr, nil})
			stdout.CloseWithError(err)
			ended <- err
		}()
		return &child{in: in, out: bufio.NewReader(out), wait: func() error { return <-ended }}, nil
	}
	return p
}

// Over real sockets, each client sees every chunk that the engine wrote, after it was
// written.
func TestClients(t *testing.T) {
	engine := refengine.Config{First: ms, Gap: ms, Chunks: 3}
	for name, s := range map[string]scenario{
		"open loop":                      {Engine: engine, Requests: 20, Rate: 500, Prompt: 100, Connections: 2},
		"closed loop":                    {Engine: engine, Requests: 20, Workers: 3, Prompt: 100, Connections: 3},
		"not streamed":                   {Engine: refengine.Config{Whole: true}, Requests: 20, Workers: 3, Prompt: 100},
		"chunks larger than a read":      {Engine: refengine.Config{Chunks: 3, Size: 10_000}, Requests: 5, Workers: 1, Prompt: 10_000},
		"the first half is not compared": {Engine: engine, Requests: 20, Rate: 500, Prompt: 100, Settle: 20 * ms},
	} {
		for _, client := range []string{ours, netHTTP, socket} {
			t.Run(name+" "+client, func(t *testing.T) {
				p := inProcess(t)
				s.Name = name
				f, err := p.measure(t.Context(), s, client, "")
				if err != nil {
					t.Fatal(err)
				}
				compared := s.Requests
				if s.Settle > 0 {
					compared /= 2
				}
				if f.failed > 0 || f.requests != s.Requests || f.e2el.Count != compared {
					t.Fatalf("%d of %d failed, %d were compared, want 0, %d and %d: %s", f.failed, f.requests, f.e2el.Count, s.Requests, compared, f.firstFailure)
				}
				if f.e2el.Min < 0 || f.launchLag.Min < 0 || f.writeLag.Min < f.launchLag.Min {
					t.Errorf("an event precedes its cause: %+v", f)
				}
				if !s.Engine.Whole && (f.ttft.Count != compared || f.ttft.Min < 0 || f.itl.Count != 2*compared) {
					t.Errorf("TTFT %+v, ITL %+v; want %d and %d values, none negative", f.ttft, f.itl, compared, 2*compared)
				}
			})
		}
	}
}

func TestCompare(t *testing.T) {
	s := scenario{Name: "s", Engine: refengine.Config{Chunks: 2}, Rate: 100}
	at := func(ms ...int64) []int64 {
		for i := range ms {
			ms[i] = 1e6 * (1000 + ms[i])
		}
		return ms
	}
	good := at(0, 1, 2, 13, 20)
	late := at(10, 12, 13, 34, 35)
	client := clientReport{CPU: 4 * ms, Memory: 6000, MostConcurrent: 2, Requests: []timestamps{
		{Due: good[0], Launch: good[1], Written: good[2], Chunks: good[3:], Finish: good[4]},
		{Due: late[0], Launch: late[1], Written: late[2], Chunks: late[3:], Finish: late[4]},
		{Due: at(20)[0], Launch: at(21)[0], Finish: at(22)[0], Err: "refused"},
	}}
	engine := engineReport{Started: 1000e6, Log: []refengine.LogEntry{
		{User: "1", Read: 13 * ms, Written: []time.Duration{30 * ms, 35 * ms}},
		{User: "0", Read: 3 * ms, Written: []time.Duration{12 * ms, 19 * ms}},
	}}
	f := compare(s, "c", client, engine)
	for _, figure := range []struct {
		name      string
		got, want float64
	}{
		{"failed", float64(f.failed), 1},
		{"due to launch", f.launchLag.P(50), 1.5},
		{"due to written", f.writeLag.P(50), 2.5},
		{"TTFT: 1 ms and 4 ms late", f.ttft.P(50), 2.5},
		{"ITL: 7 instead of 7, 1 instead of 5", f.itl.P(50), 2},
		{"E2EL: 1 ms and 0 ms late", f.e2el.P(50), 0.5},
		{"engine's own TTFT", f.engineTTFT.P(50), 13},
		{"CPU per chunk", f.cpuPerChunk, 1000},
		{"memory per concurrent request", f.memory, 3},
		{"rate: two intervals of 10 ms", f.achieved, 100},
	} {
		if figure.got != figure.want {
			t.Errorf("%s is %v, want %v", figure.name, figure.got, figure.want)
		}
	}
	var table bytes.Buffer
	if err := writeTable(&table, []figures{f}); err != nil || !strings.Contains(table.String(), "1 of 3 requests failed, the first with: refused") {
		t.Errorf("%v in\n%s", err, &table)
	}
}

func TestHelp(t *testing.T) {
	var stdout bytes.Buffer
	if err := run(t.Context(), []string{"--help"}, process{nil, &stdout, io.Discard, nil}); err != nil || !strings.Contains(stdout.String(), "--peer-rows FILE") {
		t.Errorf("error %v, help %q, want one that has every flag", err, stdout.String())
	}
}

func TestWrongArguments(t *testing.T) {
	for line, want := range map[string]string{
		"":                             "want the names of scenarios, all or proof",
		"open-1000 nothing":            `no scenario "nothing"`,
		"--client mine --repeat 0 all": "--client: want ours, net/http, socket, both, all or none, got \"mine\"\n--repeat: want at least 1, got 0",
		"--rate 3 all":                 "unknown flag --rate",
	} {
		err := run(t.Context(), strings.Fields(line), process{nil, io.Discard, io.Discard, nil})
		if err == nil || !strings.Contains(err.Error(), want) || command.Report("bench", err, io.Discard) != 2 {
			t.Errorf("%q: error %v, want %s", line, err, want)
		}
	}
}
