// Package workloadtest runs a workload's command against a simulated engine in
// virtual time: a benchmark of minutes takes milliseconds and gives the same
// bytes every time.
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
	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/results/result"
	"github.com/LMCache/LMBench/tools/results/runfile"
	"github.com/LMCache/LMBench/tools/test/pipe"
)

// Bench is one run of a command.
type Bench struct {
	Workload workload.Workload
	Args     []string
	Engine   simengine.Config
	Handler  http.Handler   // in place of Engine, if set
	Peer     func(net.Conn) // in place of both: what answers on a connection, which it closes
	Down     bool           // nothing listens
	Root     string         // with what a run before has left; "": a fresh one
	Env      map[string]string
	After    time.Duration                                 // after any other run
	Signals  []time.Duration                               // when signals come
	Columns  int                                           // of the terminal that stderr is; 0: it is none
	Looks    []time.Duration                               // when somebody looks at it
	Exec     func(context.Context, workload.Command) error // in place of kubectl
	Create   func(path string) (io.WriteCloser, error)     // in place of files for rows, if set
	Wall     func() time.Time                              // in place of the time of day, if set

	Calibrate bool                    // see tools/calibrate; tests of other things do without
	Wrap      func(net.Conn) net.Conn // of every connection that the client opens; nil: none
}

// Outcome is what is left of a run.
type Outcome struct {
	Err            error
	Code           int
	Stdout, Stderr string
	Root           string        // with 4-latest-results below
	Took           time.Duration // virtual
	Requests       int           // that the engine got
	Terminal       *Terminal     // that stderr was, if it was one
	Seen           []string      // its screen, at each look
}

// Run runs the command. The bubble it runs in ends only when every goroutine
// has: a leaked one fails the test.
func (b Bench) Run(t *testing.T) Outcome {
	t.Helper()
	if b.Root == "" {
		b.Root = t.TempDir()
	}
	b.standIns(t)
	out := Outcome{Root: b.Root}
	synctest.Test(t, func(t *testing.T) { b.run(t, &out) })
	return out
}

// standIns are the programs that a sweep wants to be there.
func (b *Bench) standIns(t *testing.T) {
	t.Helper()
	for _, name := range []string{"summarize", "report"} {
		standIn := filepath.Join(b.Root, "tools", name, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(standIn), 0o755), os.WriteFile(standIn, nil, 0o755)); err != nil {
			t.Fatal(err)
		}
	}
}

func (b *Bench) run(t *testing.T, out *Outcome) {
	time.Sleep(b.After) // all bubbles begin at the same time
	handler := b.Handler
	if handler == nil {
		engine, err := simengine.New(b.Engine)
		if err != nil {
			t.Fatal(err)
		}
		handler = engine
	}
	var requests counter
	network := pipe.Listen()
	var serving sync.WaitGroup
	defer serving.Wait()
	if b.Peer != nil {
		serving.Go(func() { accept(network, b.Peer) })
		defer network.Close()
	} else {
		server := &http.Server{Handler: requests.count(handler)}
		serving.Go(func() { _ = server.Serve(network) })
		defer server.Close()
	}

	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	signals := make(chan os.Signal, 2)
	for _, at := range b.Signals {
		time.AfterFunc(at, func() { signals <- os.Interrupt })
	}
	var stdout, stderr synchronized
	world := workload.World{
		Args: b.Args, Stdout: &stdout, Stderr: &stderr, Getenv: func(name string) string { return b.Env[name] },
		Signals: signals, Root: out.Root, Exec: b.exec, Dial: b.dial(network), Create: b.Create, Wall: b.Wall, Loopback: b.loopback(),
	}
	if b.Columns > 0 {
		out.Terminal = NewTerminal(b.Columns, 24)
		world.Stderr = out.Terminal
		world.Terminal = func() (columns, rows int) { return b.Columns, 24 }
		out.Seen = make([]string, len(b.Looks))
		for i, at := range b.Looks {
			time.AfterFunc(at, func() { out.Seen[i] = out.Terminal.Screen() })
		}
	}
	began := time.Now()
	out.Err = workload.Run(ctx, b.Workload, world)
	out.Took = time.Since(began)
	out.Code = workload.ExitCode(out.Err)
	out.Stdout, out.Stderr = stdout.String(), stderr.String()
	out.Requests = requests.counted()
}

// accept has each connection of a listener served, until it is closed and they end.
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

func (b *Bench) dial(network *pipe.Listener) func(context.Context, string, string) (net.Conn, error) {
	if !b.Down && b.Wrap != nil {
		return func(ctx context.Context, name, address string) (net.Conn, error) {
			conn, err := network.Dial(ctx, name, address)
			if err != nil {
				return nil, err
			}
			return b.Wrap(conn), nil
		}
	}
	if !b.Down {
		return network.Dial
	}
	return func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connect: connection refused")}
	}
}

// loopback is where the client is calibrated.
func (b *Bench) loopback() calibrate.Network {
	if !b.Calibrate {
		return nil
	}
	return func() (net.Listener, func(context.Context, string, string) (net.Conn, error), error) {
		network := pipe.Listen()
		return network, b.dial(network), nil
	}
}

// exec summarizes in this process and draws nothing; there is no other program.
func (b *Bench) exec(ctx context.Context, c workload.Command) error {
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
	if b.Exec != nil {
		return b.Exec(ctx, c)
	}
	return fmt.Errorf("%s: not found", c.Path)
}

// Files are the paths below the root that match a pattern.
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

// Read is a file below the root.
func (o *Outcome) Read(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(o.Root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// counter counts requests for answers.
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

// synchronized is a buffer that several goroutines may write to.
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
