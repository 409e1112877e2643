package main

import (
	"encoding/gob"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"runtime/debug"

	"github.com/LMCache/LMBench/tools/load/refengine"
)

// engineProcess is the argument that starts the reference engine.
const engineProcess = "engine"

// engineReport is the log of the reference engine, sent when its process ends.
type engineReport struct {
	Started int64   // the start of the log's times; see timestamp
	Wall    float64 // the same on the wall clock, in seconds since 1970
	Log     []refengine.LogEntry
}

// runEngine is the process of the reference engine. It prints its URL, serves until its
// standard input is closed, and then sends an engineReport.
func runEngine(config string, p process) error {
	var c refengine.Config
	if err := json.Unmarshal([]byte(config), &c); err != nil {
		return err
	}
	debug.SetGCPercent(-1) // pauses of the engine would distort the figures
	debug.SetMemoryLimit(4 << 30)
	c.Precise = true
	engine, err := refengine.New(c)
	if err != nil {
		return err
	}
	defer engine.Close()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	go engine.Serve(listener) // ends with Close
	if _, err := fmt.Fprintf(p.stdout, "http://%s\n", listener.Addr()); err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, p.stdin); err != nil {
		return err
	}
	wall := float64(engine.Started.UnixNano()) / 1e9
	return gob.NewEncoder(p.stdout).Encode(engineReport{timestamp(engine.Started), wall, engine.Log()})
}
