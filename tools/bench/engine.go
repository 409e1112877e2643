package main

import (
	"encoding/gob"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"runtime/debug"
	"time"

	"github.com/LMCache/LMBench/tools/load/refengine"
)

// engineReport is what the engine's process says at its end.
type engineReport struct {
	Started int64   // see stampOf
	Wall    float64 // the same on the wall clock, in seconds since 1970
	Notes   []refengine.Note
	CPU     time.Duration
}

// serve is the engine's process: it says where it listens, serves until its
// input ends, and says what it wrote when.
func serve(config string, p process) error {
	var c refengine.Config
	if err := json.Unmarshal([]byte(config), &c); err != nil {
		return err
	}
	debug.SetGCPercent(-1) // it must not be the one that pauses
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
	return gob.NewEncoder(p.stdout).Encode(engineReport{stampOf(engine.Started), wall, engine.Notes(), cpu()})
}
