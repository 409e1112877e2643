// Package calibrate measures the error of the client's own timestamps. The same client
// code sends a load like that of a point to a reference engine in this process, which
// logs when it read each request and wrote each chunk.
//
// The result is an upper bound: it includes the CPU time of the engine and the way
// through the loopback interface.
package calibrate

import (
	"context"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/LMCache/LMBench/tools/engine/openai"
	"github.com/LMCache/LMBench/tools/load/refengine"
)

// A Network returns a listener for the engine and a function that connects to it.
type Network func() (net.Listener, func(ctx context.Context, network, address string) (net.Conn, error), error)

// Loopback is the Network of real runs.
func Loopback() (net.Listener, func(context.Context, string, string) (net.Conn, error), error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	return listener, new(net.Dialer).DialContext, err
}

// A Load describes the point that was measured.
type Load struct {
	Streams int           // largest number of concurrent answers
	Gap     time.Duration // between two chunks of an answer
	Chunks  int           // per answer
	Within  time.Duration // limit for the whole calibration
	Precise bool          // passed to schedule.NewTimer

	// Request returns a request like the point's for a number of tokens. Its user is
	// replaced.
	Request func(maxTokens int) openai.Request
}

// A Result is the error of the client and the load by which it was measured.
type Result struct {
	TTFT, ITL, E2EL Error
	Streams         int           // concurrent answers
	Gap             time.Duration // between two chunks of each
	Answers, Chunks int
	Took            time.Duration
}

// Measure measures the error of a client with the given settings.
func Measure(ctx context.Context, config openai.Config, network Network, load Load) (Result, error) {
	began := time.Now()
	s := load.shape()
	listener, dial, err := network()
	if err != nil {
		return Result{}, err
	}
	defer listener.Close()
	engine, err := refengine.New(refengine.Config{First: s.gap, Gap: s.gap, Chunks: s.chunks, Precise: load.Precise})
	if err != nil {
		return Result{}, err
	}
	var serving sync.WaitGroup
	serving.Go(func() { _ = engine.Serve(listener) }) // if this fails, the requests fail too
	defer serving.Wait()
	defer engine.Close()

	config.BaseURL, config.APIKey, config.Dial, config.Sources = "http://"+listener.Addr().String(), "", dial, nil
	if listener.Addr().Network() != "tcp" {
		config.BaseURL = "http://localhost"
	}
	client, err := openai.New(config)
	if err != nil {
		return Result{}, err
	}
	defer client.Close()
	ctx, cancel := context.WithDeadline(ctx, began.Add(load.Within))
	defer cancel()
	if err := client.Warm(ctx, s.streams); err != nil {
		return Result{}, err
	}
	replies := s.run(ctx, client, load.Request(s.chunks))
	result := compare(replies, engine.Log())
	result.Streams, result.Gap, result.Took = s.streams, s.gap, time.Since(began)
	if result.Answers == 0 {
		return result, fmt.Errorf("no answer was received within %v", load.Within)
	}
	return result, nil
}

// run sends s.rounds requests on each stream and returns the complete answers, by user.
func (s shape) run(ctx context.Context, client *openai.Client, request openai.Request) map[string]openai.Reply {
	var mu sync.Mutex
	replies := map[string]openai.Reply{}
	var streams sync.WaitGroup
	for i := range s.streams {
		streams.Go(func() {
			sleep(ctx, s.answerTime()/2*time.Duration(i)/time.Duration(s.streams))
			for round := range s.rounds {
				next := request
				next.UserID = fmt.Sprintf("%d-%d", i, round)
				reply, err := client.Stream(ctx, next)
				if err != nil {
					return
				}
				mu.Lock()
				replies[next.UserID] = reply
				mu.Unlock()
			}
		})
	}
	streams.Wait()
	return replies
}

// sleep waits for d or until ctx ends.
func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
