package runner

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

// kubectlTimeout bounds one kubectl call.
const kubectlTimeout = 30 * time.Second

// collectPodLogs saves the logs of all pods of the default namespace beside the
// results. Without kubectl or pods it prints a note; the point does not fail.
func (s *sweep) collectPodLogs(point string) {
	dir := s.path(filepath.Join(resultsDir, s.common.Name, "pod-logs"))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		fmt.Fprintf(s.env.Stderr, "pod logs: %v\n", err)
		return
	}
	var list bytes.Buffer
	if err := s.kubectl(&list, io.Discard, "get", "pods", "-o", "name"); err != nil || list.Len() == 0 {
		fmt.Fprintln(s.env.Stderr, "pod logs: no pods found")
		return
	}
	for line := range strings.Lines(list.String()) {
		pod := strings.TrimPrefix(strings.TrimSpace(line), "pod/")
		if pod == "" || strings.ContainsAny(pod, "/\\") {
			continue
		}
		stem := filepath.Join(dir, fmt.Sprintf("%s_%s_%s_%s", pod, s.common.Key, s.workload.Name, point))
		s.saveKubectl(stem+".log", true, "logs", pod)
		if !s.saveKubectl(stem+"_previous.log", false, "logs", pod, "--previous") {
			os.Remove(stem + "_previous.log") // the pod was never restarted
		}
		s.saveKubectl(stem+"_describe.txt", true, "describe", "pod", pod)
	}
	fmt.Fprintf(s.env.Stderr, "pod logs: %s\n", dir)
}

// saveKubectl writes what kubectl prints to a file, with its error output if
// withErrors, and reports whether kubectl succeeded. Credentials that the engine may
// have as well are removed.
func (s *sweep) saveKubectl(path string, withErrors bool, args ...string) bool {
	file, err := os.Create(path)
	if err != nil {
		fmt.Fprintf(s.env.Stderr, "pod logs: %v\n", err)
		return false
	}
	defer file.Close()
	stdout := redact.NewWriter(file, s.common.APIKey, s.env.Getenv("HF_TOKEN"), s.env.Getenv("OPENAI_API_KEY"))
	stderr := io.Discard
	if withErrors {
		stderr = stdout
	}
	err = s.kubectl(stdout, stderr, args...)
	return stdout.Flush() == nil && err == nil
}

func (s *sweep) kubectl(stdout, stderr io.Writer, args ...string) error {
	ctx, cancel := context.WithTimeout(s.interrupt.waiting, kubectlTimeout)
	defer cancel()
	return s.env.Run(ctx, Program{Path: "kubectl", Args: args, Stdout: stdout, Stderr: stderr})
}
