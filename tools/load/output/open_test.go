//go:build unix

package output

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/LMCache/LMBench/tools/results/eventlog"
	"github.com/LMCache/LMBench/tools/results/record"
)

// namedPipe returns a pipe that has no reader yet.
func namedPipe(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Otherwise the writer would block forever once the pipe is full.
func TestWriterOfAPipeNoticesThatItsReaderLeft(t *testing.T) {
	path := namedPipe(t)
	left := make(chan error, 1)
	go func() {
		reader, err := os.Open(path)
		if err == nil {
			_, err = io.ReadFull(reader, make([]byte, 1))
			reader.Close()
		}
		left <- err
	}()
	f, err := Create(t.Context(), Open(), path, eventlog.Header{Layout: record.Conversation()})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := <-left; err != nil {
		t.Fatal(err)
	}
	if err := f.write(answered(10)); !errors.Is(err, syscall.EPIPE) {
		t.Errorf("error %v, want %v", err, syscall.EPIPE)
	}
}

func TestTheContextEndsTheWaitForAReader(t *testing.T) {
	path := namedPipe(t)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := Create(ctx, Open(), path, eventlog.Header{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want %v", err, context.Canceled)
	}
	reader, err := os.Open(path) // ends the goroutine that waits
	if err != nil {
		t.Fatal(err)
	}
	reader.Close()
}

// A shell redirects standard output to a file, and --output is /dev/stdout.
func TestRowsAndFiguresDoNotOverwriteEachOther(t *testing.T) {
	dir := t.TempDir()
	stdout, err := os.Create(filepath.Join(dir, "all"))
	if err != nil {
		t.Fatal(err)
	}
	defer stdout.Close()
	name := filepath.Join(dir, "stdout")
	if err := os.Symlink(stdout.Name(), name); err != nil {
		t.Fatal(err)
	}
	io.WriteString(stdout, "said before\n")
	f, err := Create(t.Context(), Open(stdout), name, eventlog.Header{Layout: record.Layout{"error"}})
	if err != nil {
		t.Fatal(err)
	}
	row := answered(0)
	row.Row.Error = "a row"
	if err := errors.Join(f.write(row), f.Close()); err != nil {
		t.Fatal(err)
	}
	io.WriteString(stdout, "figures\n")
	text, err := os.ReadFile(stdout.Name())
	if want := "said before\nerror\na row\nfigures\n"; err != nil || string(text) != want {
		t.Errorf("%q, want %q: %v", strings.TrimSpace(string(text)), want, err)
	}
}
