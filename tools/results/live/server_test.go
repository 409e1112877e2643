package live_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/LMCache/LMBench/tools/engine/enginemetrics"
	"github.com/LMCache/LMBench/tools/results/live"
	"github.com/LMCache/LMBench/tools/test/pipe"
	"github.com/LMCache/LMBench/tools/test/workloadtest"
)

func get(t *testing.T, client *http.Client, url, host string) (status int, body string) {
	t.Helper()
	request, err := http.NewRequest("GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Host = host
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

func TestServer(t *testing.T) {
	stage(t, 40*time.Second, func(collector *live.Collector) {
		network := pipe.Listen()
		server := live.Serve(network, collector)
		defer server.End()
		client := &http.Client{Transport: &http.Transport{DialContext: network.Dial}}
		defer client.CloseIdleConnections()

		_, metrics := get(t, client, "http://live/metrics", "")
		got := enginemetrics.Parse([]byte(metrics))
		if got["lmbench_goroutines"].Sum < 1 {
			t.Errorf("%v goroutines, want at least the one that scrapes", got["lmbench_goroutines"].Sum)
		}
		metrics, _, _ = strings.Cut(metrics, "# HELP lmbench_goroutines") // its value differs from run to run
		workloadtest.Golden(t, "metrics.txt", metrics)
		for name, want := range map[string]enginemetrics.Total{
			"lmbench_info": {Sum: 1, Count: 1}, "lmbench_requests_sent_total": {Sum: 160, Count: 1}, "lmbench_requests_ok_total": {Sum: 133, Count: 1},
			"lmbench_requests_failed_total": {Sum: 7, Count: 2}, "lmbench_requests_in_flight": {Sum: 20, Count: 1},
			"lmbench_ttft_seconds_count": {Sum: 133, Count: 1}, "lmbench_engine_running": {Sum: 12, Count: 1},
		} {
			if got[name] != want {
				t.Errorf("%s is %v, want %v", name, got[name], want)
			}
		}

		_, state := get(t, client, "http://live/state?seen=37", "")
		var indented bytes.Buffer
		if err := json.Indent(&indented, []byte(state), "", " "); err != nil {
			t.Fatal(err)
		}
		workloadtest.Golden(t, "state.json", indented.String())
		for seen, want := range map[int]int{-5: 40, 0: 40, 39: 1, 40: 0, 90: 0} {
			var answer struct{ Ticks []any }
			_, state := get(t, client, fmt.Sprintf("http://live/state?seen=%d", seen), "")
			if err := json.Unmarshal([]byte(state), &answer); err != nil || len(answer.Ticks) != want {
				t.Errorf("/state?seen=%d has %d ticks, want %d: %v", seen, len(answer.Ticks), want, err)
			}
		}

		status, page := get(t, client, "http://live/", "")
		if page = strings.ReplaceAll(page, "http://www.w3.org/2000/svg", "the namespace"); status != 200 || strings.Contains(page, "://") {
			t.Errorf("page: status %d, want 200; or the page refers to another server", status)
		}
		if status, _ := get(t, client, "http://live/nothing", ""); status != 404 {
			t.Errorf("unknown path: status %d, want 404", status)
		}
	})
}

// On a loopback address, requests for other hosts are refused: a web page may have its
// name resolve to 127.0.0.1 (DNS rebinding).
func TestServerRefusesOtherHosts(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := live.Serve(listener, live.NewCollector("w", true))
	defer server.End()
	got := map[string]int{}
	for _, host := range []string{listener.Addr().String(), "localhost:1", "[::1]", "evil.example", "evil.example:80", "10.0.0.1"} {
		got[host], _ = get(t, http.DefaultClient, "http://"+listener.Addr().String()+"/state", host)
	}
	want := map[string]int{listener.Addr().String(): 200, "localhost:1": 200, "[::1]": 200, "evil.example": 403, "evil.example:80": 403, "10.0.0.1": 403}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("status by host (-want +got)\n%s", diff)
	}
}
