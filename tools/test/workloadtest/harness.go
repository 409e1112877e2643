// Package workloadtest runs workload commands against a simulated engine in virtual
// time: a benchmark of minutes takes milliseconds and gives the same bytes every
// time.
package workloadtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/LMCache/LMBench/tools/engine/simengine"
	"github.com/LMCache/LMBench/tools/load/calibrate"
	"github.com/LMCache/LMBench/tools/load/output"
	"github.com/LMCache/LMBench/tools/load/runner"
	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/results/result"
	"github.com/LMCache/LMBench/tools/results/runfile"
	"github.com/LMCache/LMBench/tools/test/pipe"
)

// A Harness describes one run of a command.
type Harness struct {
	Workload        workload.Workload
	Args            []string
	Engine          simengine.Config
	Handler         http.Handler   // replaces Engine, if set
	ServeConn       func(net.Conn) // replaces both: serves one connection and closes it
	Down            bool           // nothing listens at the engine's address
	Root            string         // root folder; empty: a fresh one
	Env             map[string]string
	StartAfter      time.Duration                               // starts this long after time zero, e.g. after an earlier run
	Signals         []time.Duration                             // when an interrupt arrives
	TerminalColumns int                                         // width of the terminal on stderr; 0: stderr is not a terminal
	Screenshots     []time.Duration                             // when to capture its screen
	Exec            func(context.Context, runner.Program) error // replaces kubectl
	Create          func(path string) (io.WriteCloser, error)   // replaces the file for rows, if set
	Wall            func() time.Time                            // replaces the wall clock, if set

	Calibrate bool                    // see package calibrate; off by default to keep other tests short
	WrapConn  func(net.Conn) net.Conn // wraps every connection that the client opens, if set
}

// An Outcome is the result of a run.
type Outcome struct {
	Err            error
	Code           int
	Stdout, Stderr string
	Root           string        // with 4-latest-results below
	Elapsed        time.Duration // virtual
	Requests       int           // that the engine received
	Terminal       *Terminal     // stderr, if it was a terminal
	Screens        []string      // its screen at each of Harness.Screenshots
}

// Run runs the command in a synctest bubble, which ends only when every goroutine in
// it has ended: a leaked goroutine fails the test.
func (h Harness) Run(t *testing.T) Outcome {
	t.Helper()
	if h.Root == "" {
		h.Root = t.TempDir()
	}
	h.fakePrograms(t)
	out := Outcome{Root: h.Root}
	synctest.Test(t, func(t *testing.T) { h.run(t, &out) })
	return out
}

// fakePrograms creates empty files for the programs that a sweep looks for.
func (h *Harness) fakePrograms(t *testing.T) {
	t.Helper()
	for _, name := range []string{"summarize", "report"} {
		program := filepath.Join(h.Root, "tools", name, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(program), 0o755), os.WriteFile(program, nil, 0o755)); err != nil {
			t.Fatal(err)
		}
	}
}

func (h *Harness) run(t *testing.T, out *Outcome) {
	time.Sleep(h.StartAfter) // every bubble begins at the same instant
	handler := h.Handler
	if handler == nil {
		engine, err := simengine.New(h.Engine)
		if err != nil {
			t.Fatal(err)
		}
		handler = engine
	}
	var requests counter
	network := pipe.Listen()
	var serving sync.WaitGroup
	defer serving.Wait()
	if h.ServeConn != nil {
		serving.Go(func() { accept(network, h.ServeConn) })
		defer network.Close()
	} else {
		server := &http.Server{Handler: requests.count(handler)}
		serving.Go(func() { _ = server.Serve(network) })
		defer server.Close()
	}

	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	signals := make(chan os.Signal, 2)
	for _, at := range h.Signals {
		time.AfterFunc(at, func() { signals <- os.Interrupt })
	}
	var stdout, stderr synchronized
	env := runner.Env{
		Args: h.Args, Stdout: &stdout, Stderr: &stderr, Getenv: func(name string) string { return h.Env[name] },
		Signals: signals, Root: func() (string, error) { return out.Root, nil }, Run: h.exec, Dial: h.dial(network), Open: h.opener(), Wall: h.Wall, Loopback: h.loopback(),
		Version: "lmbench test",
	}
	if h.TerminalColumns > 0 {
		out.Terminal = NewTerminal(h.TerminalColumns, 24)
		env.Stderr = out.Terminal
		env.Terminal = func() (columns, rows int) { return h.TerminalColumns, 24 }
		out.Screens = make([]string, len(h.Screenshots))
		for i, at := range h.Screenshots {
			time.AfterFunc(at, func() { out.Screens[i] = out.Terminal.Screen() })
		}
	}
	began := time.Now()
	out.Err = runner.Run(ctx, h.Workload, env)
	out.Elapsed = time.Since(began)
	out.Code = runner.ExitCode(out.Err)
	out.Stdout, out.Stderr = stdout.String(), stderr.String()
	out.Requests = requests.counted()
}

// accept serves each connection in a goroutine of its own until the listener is
// closed and all connections have ended.
func accept(listener net.Listener, serve func(net.Conn)) {
	var serving sync.WaitGroup
	defer serving.Wait()
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		serving.Go(func() { serve(conn) })
	}
}

func (h *Harness) dial(network *pipe.Listener) func(context.Context, string, string) (net.Conn, error) {
	if !h.Down && h.WrapConn != nil {
		return func(ctx context.Context, name, address string) (net.Conn, error) {
			conn, err := network.Dial(ctx, name, address)
			if err != nil {
				return nil, err
			}
			return h.WrapConn(conn), nil
		}
	}
	if !h.Down {
		return network.Dial
	}
	return func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connect: connection refused")}
	}
}

// loopback returns the network that calibration uses.
func (h *Harness) loopback() calibrate.Network {
	if !h.Calibrate {
		return nil
	}
	return func() (net.Listener, func(context.Context, string, string) (net.Conn, error), error) {
		network := pipe.Listen()
		return network, h.dial(network), nil
	}
}

// exec runs the summarizer within this process, ignores the report, and passes other
// programs to h.Exec.
func (h *Harness) exec(ctx context.Context, c runner.Program) error {
	if filepath.Base(c.Path) == "report" {
		return nil
	}
	if filepath.Base(c.Path) == "summarize" && c.Args[0] == "--brief" && c.Args[1] == "--run" {
		run, err := runfile.Read(filepath.Join(c.Dir, c.Args[2]))
		if err != nil {
			return err
		}
		report, err := result.Write(result.Options{Root: c.Dir, CSV: filepath.Join(c.Dir, c.Args[3]), Run: run, Pairs: c.Args[4:], Now: time.Now()})
		if err != nil {
			fmt.Fprintln(c.Stderr, err)
			return err
		}
		fmt.Fprintln(c.Stdout, "Performance summary saved to", strings.TrimPrefix(report.Path, c.Dir+"/"))
		return nil
	}
	if h.Exec != nil {
		return h.Exec(ctx, c)
	}
	return fmt.Errorf("%s: not found", c.Path)
}

// opener returns what opens the CSV and the log, if Create is set.
func (h *Harness) opener() output.Opener {
	if h.Create == nil {
		return nil
	}
	return func(_ context.Context, path string) (io.WriteCloser, error) { return h.Create(path) }
}

// Files returns the paths below the root that match a pattern.
func (o *Outcome) Files(t *testing.T, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(o.Root, pattern))
	if err != nil {
		t.Fatal(err)
	}
	for i, file := range files {
		files[i] = strings.TrimPrefix(file, o.Root+"/")
	}
	return files
}

// Read returns the content of a file below the root.
func (o *Outcome) Read(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(o.Root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// A counter counts POST requests.
type counter struct {
	mu sync.Mutex
	n  int
}

func (c *counter) count(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			c.mu.Lock()
			c.n++
			c.mu.Unlock()
		}
		next.ServeHTTP(w, r)
	})
}

func (c *counter) counted() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n
}

// A synchronized buffer may be written by several goroutines.
type synchronized struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *synchronized) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *synchronized) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}
