package install

import (
	"cmp"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/LMCache/LMBench/tools/engine/simengine"
	"github.com/LMCache/LMBench/tools/results/record"
)

// TestStreams has more streams under way at once than one local address has
// ports for, to one address of an engine: LMBENCH_TEST_STREAMS=34000. They are
// shared by processes that have at most mostStreams each, clients as well as
// engines, since many systems allow a process no more than 20,000 descriptors.
// It takes 80 s, 3 GB of memory, and Linux, where all of 127.0.0.0/8 is at hand.
func TestStreams(t *testing.T) {
	streams, err := strconv.Atoi(os.Getenv("LMBENCH_TEST_STREAMS"))
	if err != nil {
		t.Skip("LMBENCH_TEST_STREAMS gives no number")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	processes := (streams + mostStreams - 1) / mostStreams
	for range processes {
		startEngine(t, listener)
	}
	binary := filepath.Join(compile(t, "3-workloads/vllm-benchmark-serving"), "vllm-benchmark-serving")
	folder := t.TempDir()
	clients := make([]*exec.Cmd, processes)
	for i := range clients {
		clients[i] = exec.CommandContext(t.Context(), binary, "--model", "m", "--base-url", "http://"+listener.Addr().String(),
			"--dataset-name", "random", "--tokenizer", "approximate", "--random-input-len", "20", "--random-output-len", "9", "--ignore-eos",
			"--num-prompts", strconv.Itoa(streams/processes), "--request-rate", "600", "--no-calibration", "--metrics-url", "none",
			"--source-addresses", "127.0.0.2,127.0.0.3,127.0.0.4", "--output", csvOf(folder, i))
		clients[i].Stdout, clients[i].Stderr = os.Stdout, os.Stderr
		clients[i].Env = append(os.Environ(), "LMBENCH_ROOT="+folder)
		if err := clients[i].Start(); err != nil {
			t.Fatal(err)
		}
	}
	var edges []edge
	for i, client := range clients {
		if err := client.Wait(); err != nil {
			t.Error(err)
		}
		edges = append(edges, edgesOf(t, csvOf(folder, i))...)
	}
	sent, most := len(edges)/2, together(edges)
	if sent != streams/processes*processes || most < sent*9/10 {
		t.Errorf("%d requests, %d at once at most, want %d", sent, most, streams)
	}
	t.Logf("%d requests, %d at once", sent, most)
}

// mostStreams is the limit of one process.
const mostStreams = 18_000

func csvOf(folder string, i int) string { return filepath.Join(folder, strconv.Itoa(i)+".csv") }

// asEngine turns this test binary into an engine that accepts connections from the
// listener it was started with.
const asEngine = "LMBENCH_TEST_AS_ENGINE"

func TestMain(m *testing.M) {
	if os.Getenv(asEngine) == "" {
		os.Exit(m.Run())
	}
	engine, err := simengine.New(simengine.Config{MaxBatch: 1 << 20, BaseTTFT: 5 * time.Second, ITL: 5 * time.Second})
	if err == nil {
		var listener net.Listener
		if listener, err = net.FileListener(os.NewFile(3, "listener")); err == nil {
			err = http.Serve(&limited{listener, make(chan struct{}, mostStreams+100)}, engine)
		}
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// startEngine starts an engine that shares the listener, until the test ends.
func startEngine(t *testing.T, listener net.Listener) {
	t.Helper()
	file, err := listener.(*net.TCPListener).File()
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	engine := exec.Command(os.Args[0])
	engine.Env, engine.ExtraFiles, engine.Stderr = append(os.Environ(), asEngine+"=1"), []*os.File{file}, os.Stderr
	if err := engine.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		engine.Process.Kill()
		engine.Wait() // killed
	})
}

// limited accepts a limited number of connections at once and leaves the others to the
// processes that share the listener.
type limited struct {
	net.Listener
	taken chan struct{}
}

func (l *limited) Accept() (net.Conn, error) {
	l.taken <- struct{}{}
	conn, err := l.Listener.Accept()
	if err != nil {
		<-l.taken
		return nil, err
	}
	return &counted{Conn: conn, done: sync.OnceFunc(func() { <-l.taken })}, nil
}

type counted struct {
	net.Conn
	done func()
}

func (c *counted) Close() error {
	c.done()
	return c.Conn.Close()
}

// edge is the time at which a request begins or ends.
type edge struct {
	at    float64
	opens int // -1: it ends
}

// edgesOf returns the edges of the requests in a CSV. A failed one fails the test.
func edgesOf(t *testing.T, path string) (edges []edge) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	failures := map[string]int{}
	for row, err := range record.Read(file) {
		if err != nil {
			t.Fatal(err)
		}
		if !row.OK() {
			failures[row.Error]++
		}
		edges = append(edges, edge{row.LaunchTime, 1}, edge{row.FinishTime, -1})
	}
	if len(failures) > 0 {
		t.Errorf("%s: %v", path, failures)
	}
	return edges
}

// together returns the largest number of requests in flight at once.
func together(edges []edge) (most int) {
	slices.SortFunc(edges, func(a, b edge) int { return cmp.Compare(a.at, b.at) })
	open := 0
	for _, e := range edges {
		open += e.opens
		most = max(most, open)
	}
	return most
}
