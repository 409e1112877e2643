package main

import (
	"time"

	"github.com/LMCache/LMBench/tools/load/refengine"
)

// A scenario is a load with a fixed number of requests.
type scenario struct {
	Name, About string
	Engine      refengine.Config
	Requests    int           // total number
	Rate        float64       // open loop: requests per second; 0 means a closed loop
	Workers     int           // closed loop: concurrent requests
	Prompt      int           // length in bytes
	Connections int           // opened before the first request
	Settle      time.Duration // requests due before this are not compared, because the number of streams still grows
}

const ms = time.Millisecond

// slowStream is the engine for comparisons with other clients.
var slowStream = refengine.Config{First: 50 * ms, Gap: 20 * ms, Chunks: 100}

// scenarios are the loads of PERFORMANCE.md.
var scenarios = []scenario{
	{
		Name: "open-1000", About: "1,000 requests/s of 20 chunks, one every 10 ms",
		Engine:   refengine.Config{First: 20 * ms, Gap: 10 * ms, Chunks: 20},
		Requests: 10_000, Rate: 1000, Prompt: 1000, Connections: 300,
	},
	{
		Name: "open-4000", About: "4,000 requests/s of 5 chunks, one every 10 ms",
		Engine:   refengine.Config{First: 20 * ms, Gap: 10 * ms, Chunks: 5},
		Requests: 24_000, Rate: 4000, Prompt: 1000, Connections: 400,
	},
	{
		Name: "streams-1000", About: "1,000 streams of 20 tokens/s: 200 requests/s of 100 chunks",
		Engine:   refengine.Config{First: 50 * ms, Gap: 50 * ms, Chunks: 100},
		Requests: 2600, Rate: 200, Prompt: 1000, Connections: 1100, Settle: 5 * time.Second,
	},
	{
		Name: "streams-5000", About: "5,000 streams of 20 tokens/s: 1,000 requests/s of 100 chunks",
		Engine:   refengine.Config{First: 50 * ms, Gap: 50 * ms, Chunks: 100},
		Requests: 10_000, Rate: 1000, Prompt: 1000, Connections: 5200, Settle: 5 * time.Second,
	},
	{
		Name: "rate-50", About: "50 requests/s of 100 chunks, one every 20 ms",
		Engine:   slowStream,
		Requests: 500, Rate: 50, Prompt: 1000, Connections: 120,
	},
	{
		Name: "rate-200", About: "200 requests/s of 100 chunks, one every 20 ms",
		Engine:   slowStream,
		Requests: 2000, Rate: 200, Prompt: 1000, Connections: 450,
	},
	{
		Name: "rate-500", About: "500 requests/s of 100 chunks, one every 20 ms",
		Engine:   slowStream,
		Requests: 5000, Rate: 500, Prompt: 1000, Connections: 1100, Settle: 2 * time.Second,
	},
	{
		Name: "rate-800", About: "800 requests/s of 100 chunks, one every 20 ms",
		Engine:   slowStream,
		Requests: 8000, Rate: 800, Prompt: 1000, Connections: 1800, Settle: 2 * time.Second,
	},
	{
		Name: "rate-900", About: "900 requests/s of 100 chunks, one every 20 ms",
		Engine:   slowStream,
		Requests: 9000, Rate: 900, Prompt: 1000, Connections: 2000, Settle: 2 * time.Second,
	},
	{
		Name: "rate-1000", About: "1,000 requests/s of 100 chunks, one every 20 ms",
		Engine:   slowStream,
		Requests: 10_000, Rate: 1000, Prompt: 1000, Connections: 2200, Settle: 2 * time.Second,
	},
	{
		Name: "closed", About: "64 concurrent requests, answers not streamed",
		Engine:   refengine.Config{Chunks: 20, Whole: true},
		Requests: 60_000, Workers: 64, Prompt: 1000, Connections: 64,
	},
	{
		Name: "memory", About: "10,000 concurrent streams",
		Engine:   refengine.Config{First: 4 * time.Second, Gap: 2 * time.Second, Chunks: 3},
		Requests: 10_000, Rate: 3000, Prompt: 1000,
	},
	{
		Name: "short", About: "8 streams, prompts of 400 B, a chunk every 2 ms",
		Engine:   refengine.Config{First: 2 * ms, Gap: 2 * ms, Chunks: 100},
		Requests: 240, Workers: 8, Prompt: 400, Connections: 8,
	},
	{
		Name: "long", About: "8 streams, prompts of 100,000 tokens (400 kB), a chunk every 2 ms",
		Engine:   refengine.Config{First: 2 * ms, Gap: 2 * ms, Chunks: 100},
		Requests: 240, Workers: 8, Prompt: 400_000, Connections: 8,
	},
	{
		Name: "prompt-1M", About: "2 concurrent requests, prompts of 1 MB, one chunk",
		Engine:   refengine.Config{Chunks: 1},
		Requests: 1000, Workers: 2, Prompt: 1_000_000, Connections: 2,
	},
	{
		Name: "answer-10M", About: "2 concurrent requests, answers of 10 MB in 1,000 chunks",
		Engine:   refengine.Config{Chunks: 1000, Size: 10_000},
		Requests: 40, Workers: 2, Prompt: 400, Connections: 2,
	},
}
