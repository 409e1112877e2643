package main

import (
	"bufio"
	"context"
	"encoding/gob"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

// A process is one of bench's processes: its streams, and how it starts others.
type process struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	spawn          func(ctx context.Context, stderr io.Writer, args ...string) (*child, error)
}

// A child is a process that bench started. Closing its input asks it to end.
type child struct {
	pid  int
	in   io.WriteCloser
	out  *bufio.Reader
	wait func() error
}

// spawn starts this program again.
func spawn(ctx context.Context, stderr io.Writer, args ...string) (*child, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	command := exec.CommandContext(ctx, program, args...)
	command.Stderr = stderr
	in, err := command.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	return &child{command.Process.Pid, in, bufio.NewReader(out), command.Wait}, nil
}

// end asks a child to end and reads its report.
func (c *child) end(report any) error {
	err := errors.Join(c.in.Close(), gob.NewDecoder(c.out).Decode(report))
	return errors.Join(err, c.wait())
}

// startEngine starts a reference engine and returns its URL.
func (p *process) startEngine(ctx context.Context, s scenario) (engine *child, url string, err error) {
	config, err := json.Marshal(s.Engine)
	if err != nil {
		return nil, "", err
	}
	if engine, err = p.spawn(ctx, p.stderr, engineProcess, string(config)); err != nil {
		return nil, "", err
	}
	if url, err = engine.out.ReadString('\n'); err != nil {
		return nil, "", errors.Join(fmt.Errorf("the engine did not start: %w", err), engine.wait())
	}
	return engine, strings.TrimSpace(url), nil
}

// measure runs one client in one scenario, with client and engine in processes of their
// own.
func (p *process) measure(ctx context.Context, s scenario, client, profile string) (figures, error) {
	ctx, cancel := context.WithCancel(ctx) // ends the children if this returns early
	defer cancel()
	engine, url, err := p.startEngine(ctx, s)
	if err != nil {
		return figures{}, err
	}
	task, err := json.Marshal(clientTask{Client: client, URL: url, Scenario: s, Profile: profile})
	if err != nil {
		return figures{}, err
	}
	driver, err := p.spawn(ctx, p.stderr, clientProcess, string(task))
	if err != nil {
		return figures{}, err
	}
	var sent clientReport
	if err := driver.end(&sent); err != nil {
		return figures{}, fmt.Errorf("%s, %s: %w", s.Name, client, err)
	}
	var wrote engineReport
	if err := engine.end(&wrote); err != nil {
		return figures{}, fmt.Errorf("%s: engine: %w", s.Name, err)
	}
	return compare(s, client, sent, wrote), nil
}
