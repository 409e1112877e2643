// Package calibrate measures what the client itself adds to the times that it
// reports: the same code, on connections of its own, asks an engine in this
// process, which notes when it read and wrote what.
//
// What it finds is a bound from above: the engine's share of the processors and
// the way through the loopback interface are in it.
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

// Network is a listener of the engine's and the way to it.
type Network func() (net.Listener, func(ctx context.Context, network, address string) (net.Conn, error), error)

// Loopback is the network for real.
func Loopback() (net.Listener, func(context.Context, string, string) (net.Conn, error), error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	return listener, new(net.Dialer).DialContext, err
}

// Load is what a measured point was like.
type Load struct {
	Streams int           // answers under way at once, at most
	Gap     time.Duration // between two chunks of an answer
	Chunks  int           // of an answer
	Within  time.Duration // all of it ends
	Precise bool          // see schedule.NewTimer

	// Request is like the point's, for so many tokens. Its user is replaced.
	Request func(maxTokens int) openai.Request
}

// Result is what the client added, in ms, and what it was found by.
type Result struct {
	TTFT, ITL, E2EL Error
	Streams         int           // answers under way at once
	Gap             time.Duration // between two chunks of each
	Answers, Chunks int
	Took            time.Duration
}

// Measure has a client of these settings calibrated.
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
	serving.Go(func() { _ = engine.Serve(listener) }) // until it is closed; if it fails before, requests tell
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
	result := compare(replies, engine.Notes())
	result.Streams, result.Gap, result.Took = s.streams, s.gap, time.Since(began)
	if result.Answers == 0 {
		return result, fmt.Errorf("no answer came within %v", load.Within)
	}
	return result, nil
}

// run keeps all streams busy and returns the answers that came whole.
func (s shape) run(ctx context.Context, client *openai.Client, request openai.Request) map[string]openai.Reply {
	var mu sync.Mutex
	replies := map[string]openai.Reply{}
	var streams sync.WaitGroup
	for i := range s.streams {
		streams.Go(func() {
			rest(ctx, s.answer()/2*time.Duration(i)/time.Duration(s.streams))
			for round := range s.rounds {
				ours := request
				ours.UserID = fmt.Sprintf("%d-%d", i, round)
				reply, err := client.Stream(ctx, ours)
				if err != nil {
					return
				}
				mu.Lock()
				replies[ours.UserID] = reply
				mu.Unlock()
			}
		})
	}
	streams.Wait()
	return replies
}

// rest waits.
func rest(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
