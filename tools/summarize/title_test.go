package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/LMCache/LMBench/tools/engine/simengine"
)

// A real process that is given secrets: its command line, which others on the machine can
// read, has no secret, and neither have the programs that it starts.
func TestSecretsOfAProcess(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("there is no /proc")
	}
	const secret = "sk-planted"
	engine, err := simengine.New(simengine.Config{})
	if err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	left := filepath.Join(root, "left")
	script := "#!/bin/sh\n{ echo \"$0 $*\"; cat /proc/$$/environ /proc/$$/cmdline; } >> " + left + "\n"
	for _, name := range []string{"summarize", "report"} {
		program := filepath.Join(root, "tools", name, name)
		if err := os.MkdirAll(filepath.Dir(program), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(program, []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	command := exec.Command(os.Args[0], "--time", "1", "--cooldown", "0", "--api-key", secret, "--no-calibration")
	started := make(chan struct{})
	var once sync.Once
	var title, given string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		once.Do(func() {
			<-started
			given = r.Header.Get("Authorization")
			title = cmdlines(t, command.Process.Pid)
		})
		engine.ServeHTTP(w, r)
	}))
	defer server.Close()
	command.Args = append(command.Args, strings.Fields("m "+server.URL+" k suite 0 spec.yaml session 20")...)
	command.Env = append(os.Environ(), asWorkload+"=1", "LMBENCH_ROOT="+root, "HF_TOKEN="+secret, "OPENAI_API_KEY="+secret,
		"LMBENCH_API_KEY=another", "LMBENCH_AUTO_UPLOAD=false", "LMBENCH_API_URL=http://h/upload?token=planted")
	var said bytes.Buffer
	command.Stdout, command.Stderr = &said, &said
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	close(started)
	if err := command.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, said.String())
	}
	if given != "Bearer "+secret {
		t.Errorf("the engine was given %q", given)
	}
	if !strings.Contains(title, server.URL) || strings.Contains(title, "planted") {
		t.Errorf("the command line is %q", title)
	}
	children, err := os.ReadFile(left)
	if err != nil || !strings.Contains(string(children), "summarize --brief --run 4-latest-results/k_stream_output_20.run.json 4-latest-results/k_stream_output_20.csv") {
		t.Fatalf("%v\n%s", err, said.String())
	}
	url := "LMBENCH_API_URL=http://h/upload?token=planted" // which the summarizer may need
	if text := strings.ReplaceAll(string(children), url, ""); strings.Contains(text, "planted") {
		t.Errorf("a program that was started could see a secret:\n%q", text)
	}
	if strings.Contains(said.String(), "planted") {
		t.Errorf("a secret was said:\n%s", said.String())
	}
}

func cmdlines(t *testing.T, pid int) string {
	t.Helper()
	title, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "cmdline"))
	if err != nil {
		t.Error(err)
	}
	return strings.ReplaceAll(string(title), "\x00", " ")
}
