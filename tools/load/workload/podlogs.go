package workload

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/LMCache/LMBench/tools/redact"
)

// bounded is how long one kubectl call may take.
const bounded = 30 * time.Second

// collectPodLogs keeps what kubectl says of every pod of the default namespace
// beside the results. Without kubectl or pods it says so and nothing is lost.
func collectPodLogs(ctx context.Context, world World, c *Common, label, point string) {
	dir := filepath.Join(world.Root, results, c.Name, "pod-logs")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		fmt.Fprintf(world.Stderr, "pod logs: %v\n", err)
		return
	}
	logs := podLogs{ctx, world, []string{c.APIKey, world.Getenv("HF_TOKEN"), world.Getenv("OPENAI_API_KEY")}}
	var list bytes.Buffer
	if err := logs.kubectl(&list, io.Discard, "get", "pods", "-o", "name"); err != nil || list.Len() == 0 {
		fmt.Fprintln(world.Stderr, "pod logs: no pods found")
		return
	}
	for line := range strings.Lines(list.String()) {
		pod := strings.TrimPrefix(strings.TrimSpace(line), "pod/")
		if pod == "" || strings.ContainsAny(pod, "/\\") {
			continue
		}
		stem := filepath.Join(dir, fmt.Sprintf("%s_%s_%s_%s", pod, c.Key, label, point))
		logs.keep(stem+".log", true, "logs", pod)
		if !logs.keep(stem+"_previous.log", false, "logs", pod, "--previous") {
			os.Remove(stem + "_previous.log")
		}
		logs.keep(stem+"_describe.txt", true, "describe", "pod", pod)
	}
	fmt.Fprintf(world.Stderr, "pod logs: %s\n", dir)
}

type podLogs struct {
	ctx     context.Context
	world   World
	secrets []string // that an engine may have as well
}

// keep writes what kubectl prints to a file; with errors, what it complains of too.
func (l podLogs) keep(path string, complaints bool, args ...string) bool {
	file, err := os.Create(path)
	if err != nil {
		fmt.Fprintf(l.world.Stderr, "pod logs: %v\n", err)
		return false
	}
	defer file.Close()
	stdout := redact.NewWriter(file, l.secrets...)
	stderr := io.Discard
	if complaints {
		stderr = stdout
	}
	err = l.kubectl(stdout, stderr, args...)
	return stdout.Flush() == nil && err == nil
}

func (l podLogs) kubectl(stdout, stderr io.Writer, args ...string) error {
	ctx, cancel := context.WithTimeout(l.ctx, bounded)
	defer cancel()
	return l.world.Exec(ctx, Command{Path: "kubectl", Args: args, Stdout: stdout, Stderr: stderr})
}
