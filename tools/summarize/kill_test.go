package main

import (
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/LMCache/LMBench/tools/data/chat"
	"github.com/LMCache/LMBench/tools/engine/simengine"
	"github.com/LMCache/LMBench/tools/load/params"
	"github.com/LMCache/LMBench/tools/load/runner"
	"github.com/LMCache/LMBench/tools/load/schedule"
	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/results/eventlog"
	"github.com/LMCache/LMBench/tools/results/record"
)

// asWorkload has this test binary be a workload's command.
const asWorkload = "LMBENCH_TEST_AS_WORKLOAD"

func TestMain(m *testing.M) {
	if os.Getenv(asWorkload) != "" {
		os.Exit(runner.Main(stream()))
	}
	os.Exit(m.Run())
}

// stream is a workload: QPS requests a second, each of a user of its own.
func stream() workload.Workload {
	var common workload.Common
	var qps float64
	return workload.Workload{
		Name: "stream", Script: "run.sh", Common: &common, Layout: record.Conversation(), ResultKeys: []string{"QPS"},
		Positional: []string{"MODEL", "BASE_URL", "KEY", "NAME", "SERVING_INDEX", "SPEC_FILE_PATH", "LMBENCH_SESSION_ID"},
		NoPodLogs:  true, Cooldown: "2",
		Point: params.Param{Name: "QPS", Flag: "qps", Value: params.Positive(&qps)},
		Stages: func(bool) []workload.Stage {
			arrivals := schedule.Constant(qps, 0)
			plan := func(control workload.Control) workload.Plan {
				return &workload.OpenLoop{Arrivals: arrivals, Final: control.Final, Item: func(i int, due time.Duration) *workload.Request {
					conversation := []chat.Message{{Role: chat.User, Content: chat.Text{"Hello."}}}
					return &workload.Request{User: i + 1, Question: 1, Answer: 1, Due: due, Payload: common.Request(conversation, strconv.Itoa(i+1), 20)}
				}}
			}
			return []workload.Stage{{Name: "measured", For: common.Time, Offered: qps, Plan: plan}}
		},
	}
}

// TestKill kills a workload's process at random moments: what had ended more
// than a second before is in the CSV made of its log, and nothing is there
// twice. LMBENCH_TEST_KILLS=200 has it killed so often.
func TestKill(t *testing.T) {
	kills, err := strconv.Atoi(os.Getenv("LMBENCH_TEST_KILLS"))
	if err != nil {
		kills = 3
	}
	for i := range kills {
		t.Run(strconv.Itoa(i+1), func(t *testing.T) {
			t.Parallel()
			kill(t, time.Duration(rand.Int64N(int64(2500*time.Millisecond))))
		})
	}
}

// kill runs the workload until so long after the engine's first request.
func kill(t *testing.T, after time.Duration) {
	engine := watch(t)
	server := httptest.NewServer(engine)
	defer server.Close()
	folder := t.TempDir()
	command := exec.Command(os.Args[0], "--model", "m", "--base-url", server.URL, "--qps", "200", "--time", "60", "--output", filepath.Join(folder, "one.csv"))
	command.Env = append(os.Environ(), asWorkload+"=1", "LMBENCH_ROOT="+folder)
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	<-engine.asked
	longest := pulse(t, folder)
	killed := <-time.After(after)
	if err := command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = command.Wait() // the error is the kill
	if stalled := longest(); stalled > stall {
		t.Skipf("this machine was stalled for %v, in which no process could have written", stalled)
	}

	// Under another name, so that the CSV is not the one that the process left.
	log := filepath.Join(folder, "again"+eventlog.Ending)
	if err := os.Rename(filepath.Join(folder, "one"+eventlog.Ending), log); err != nil {
		t.Fatal(err)
	}
	transcript, exit := fromLogOf(t, folder, log)
	rows := users(t, filepath.Join(folder, "again.csv"))
	if exit != 0 && len(rows) > 0 {
		t.Errorf("no result of %d rows:\n%s", len(rows), transcript)
	}
	for user, n := range rows {
		if n > 1 {
			t.Errorf("user %d has %d rows", user, n)
		}
	}
	old := engine.answeredBefore(killed.Add(-time.Second))
	for _, user := range old {
		if rows[user] == 0 {
			t.Errorf("user %d was answered more than a second before the kill and has no row", user)
		}
	}
	t.Logf("killed after %v: %d rows, %d answered more than a second before", after.Round(time.Millisecond), len(rows), len(old))
}

// stall is what a machine may stand still for: the log is handed over four
// times a second.
const stall = 400 * time.Millisecond

// pulse writes to a file in folder all the time, as the log's writer does. The
// function it returns ends that and tells the longest wait from one write to
// the next.
func pulse(t *testing.T, folder string) (longest func() time.Duration) {
	file, err := os.Create(filepath.Join(folder, "pulse"))
	if err != nil {
		t.Fatal(err)
	}
	ended, waited := make(chan struct{}), make(chan time.Duration)
	go func() {
		defer file.Close()
		beat := time.NewTicker(20 * time.Millisecond)
		defer beat.Stop()
		var most time.Duration
		for last := time.Now(); ; {
			select {
			case <-ended:
				waited <- max(most, time.Since(last))
				return
			case <-beat.C:
				_, _ = file.WriteString(".")
				now := time.Now()
				most, last = max(most, now.Sub(last)), now
			}
		}
	}()
	return func() time.Duration {
		close(ended)
		return <-waited
	}
}

func fromLogOf(t *testing.T, root, log string) (transcript string, exit int) {
	return runCommand(t, root, "--root", root, "--from-log", log, "NAME=suite", "KEY=k")
}

// users are how many rows each has.
func users(t *testing.T, path string) map[int]int {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows := map[int]int{}
	for row, err := range record.Read(file) {
		if err != nil {
			t.Fatal(err)
		}
		rows[row.UserID]++
	}
	return rows
}

// watched is an engine that knows when it has answered whom.
type watched struct {
	engine http.Handler
	asked  chan struct{} // closed with the first request
	once   sync.Once

	mu       sync.Mutex
	answered map[int]time.Time
}

func watch(t *testing.T) *watched {
	engine, err := simengine.New(simengine.Config{BaseTTFT: 20 * time.Millisecond, ITL: 2 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	return &watched{engine: engine, asked: make(chan struct{}), answered: map[int]time.Time{}}
}

func (e *watched) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		e.engine.ServeHTTP(w, r)
		return
	}
	e.once.Do(func() { close(e.asked) })
	e.engine.ServeHTTP(w, r)
	if user, err := strconv.Atoi(r.Header.Get("x-user-id")); err == nil && r.Context().Err() == nil {
		e.mu.Lock()
		e.answered[user] = time.Now()
		e.mu.Unlock()
	}
}

func (e *watched) answeredBefore(end time.Time) (users []int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for user, at := range e.answered {
		if at.Before(end) {
			users = append(users, user)
		}
	}
	return users
}
