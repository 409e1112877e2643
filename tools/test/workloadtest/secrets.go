package workloadtest

import (
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/LMCache/LMBench/tools/engine/simengine"
	"github.com/LMCache/LMBench/tools/results/eventlog"
)

// secrets plants keys and searches everything that a run leaves for them. The engine
// echoes the key wherever an engine can.
func (c Case) secrets(t *testing.T) {
	const key, password = "sk-planted/secret+key", "planted-password"
	healthy, err := simengine.New(engine())
	if err != nil {
		t.Fatal(err)
	}
	echo := &echo{engine: healthy}
	env := map[string]string{
		"HF_TOKEN": "hf_planted", "LMBENCH_API_KEY": key, "LMBENCH_AUTO_UPLOAD": "false",
		"LMBENCH_API_URL": "http://me:" + password + "@localhost:1/upload?token=" + password,
	}
	out := Harness{Workload: c.New(), Args: append([]string{"--metrics-url", "http://engine:30080/metrics?token=" + password}, c.Sweep...), Handler: echo, Env: env}.Run(t)
	if given := echo.given.Load(); given == nil || *given != "Bearer "+key {
		t.Error("the engine did not receive the key")
	}
	env["LMBENCH_API_KEY"] = ""
	down := Harness{Workload: c.New(), Args: append([]string{"--api-key", key}, c.Sweep...), Down: true, Env: env}.Run(t)
	for _, out := range []Outcome{out, down} {
		all := AllFiles(t, out.Root)
		all["stdout"], all["stderr"], all["error"] = out.Stdout, out.Stderr, fmt.Sprint(out.Err)
		for name, text := range all {
			if at := strings.Index(text, "planted"); at >= 0 {
				t.Errorf("%s holds a secret: %.80q", name, text[max(0, at-40):])
			}
		}
		if len(all) < 5 {
			t.Errorf("searched only %d places", len(all))
		}
	}
}

// AllFiles returns the content of all files below a folder by path. To that of an
// event log its decoded text is appended.
func AllFiles(t *testing.T, folder string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		all[path] = string(content)
		if strings.HasSuffix(path, eventlog.Ending) {
			all[path] += logText(t, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// logText returns the decoded text of an event log.
func logText(t *testing.T, path string) string {
	t.Helper()
	log := Log(t, path)
	var text strings.Builder
	fmt.Fprintf(&text, "%+v", log.Header)
	for {
		event, err := log.Next()
		if err != nil {
			return text.String()
		}
		fmt.Fprintf(&text, "%+v", event)
	}
}

// An echo engine repeats the API key in bodies, headers and events.
type echo struct {
	engine http.Handler
	asked  atomic.Int64
	given  atomic.Pointer[string]
}

func (e *echo) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	given := r.Header.Get("Authorization")
	if r.Method != http.MethodPost {
		http.Error(w, "not with "+given+" and "+r.URL.String(), http.StatusInternalServerError)
		return
	}
	e.given.Store(&given)
	switch e.asked.Add(1) % 8 {
	case 2:
		http.Error(w, "the key "+given+" is used up", http.StatusTooManyRequests)
	case 3:
		w.Header().Set("Location", "/?key="+given)
		w.WriteHeader(http.StatusTemporaryRedirect)
	case 4:
		w.Header().Set("Retry-After", given)
		w.WriteHeader(http.StatusServiceUnavailable)
	case 5:
		fmt.Fprintf(w, "data: {\"choices\":[{\"text\":%q,\"delta\":{\"content\":%q},\"finish_reason\":%q}]}\n\ndata: [DONE]\n\n", given, given, given)
	case 6:
		fmt.Fprintf(w, "data: {\"error\":{\"message\":\"not for %s\"}}\n\n", strings.ReplaceAll(given, "/", `\/`))
	case 7:
		w.Header().Set("Content-Encoding", given)
		fmt.Fprintln(w, given)
	default:
		e.engine.ServeHTTP(w, r)
	}
}
