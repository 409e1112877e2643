package hub

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const content = "0123456789"

// repository serves one file as the hub does: a HEAD response announces the
// commit, checksum and size and redirects to the storage, which has no metadata.
type repository struct {
	untagged bool   // neither commit, checksum nor size is announced
	sum      string // announced; "": that of the content
	cutAfter int    // the next download ends after so many bytes
	noRanges bool
	requests []string
}

func (s *repository) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.requests = append(s.requests, strings.TrimSpace(r.Method+" "+r.URL.Path+" "+r.Header.Get("Range")))
	if r.URL.Path == "/storage" {
		if s.cutAfter > 0 {
			w.Header().Set("Content-Length", fmt.Sprint(len(content)))
			fmt.Fprint(w, content[:s.cutAfter])
			s.cutAfter = 0
			return
		}
		if s.noRanges {
			r.Header.Del("Range")
		}
		http.ServeContent(w, r, "", time.Time{}, strings.NewReader(content))
		return
	}
	if r.URL.Path != "/o/m/resolve/main/f" && r.URL.Path != "/o/m/resolve/c0ffee1/f" {
		w.Header().Set("X-Error-Code", "EntryNotFound")
		http.NotFound(w, r)
		return
	}
	if !s.untagged {
		sum := s.sum
		if sum == "" {
			sum = fmt.Sprintf("%x", sha256.Sum256([]byte(content)))
		}
		w.Header().Set("X-Repo-Commit", "c0ffee1")
		w.Header().Set("X-Linked-Etag", fmt.Sprintf("%q", sum))
		w.Header().Set("X-Linked-Size", fmt.Sprint(len(content)))
	}
	http.Redirect(w, r, "/storage", http.StatusFound)
}

// serve returns the hub of a repository and its file, to be kept in a new folder.
func serve(t *testing.T, s *repository) (*Hub, File) {
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	path := filepath.Join(t.TempDir(), "cache", "f")
	return &Hub{Endpoint: server.URL}, File{Repository: "o/m", Revision: "main", Name: "f", Path: path, Limit: 100}
}

// names are the files in the folder of a path.
func names(t *testing.T, path string) []string {
	var names []string
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

func TestFetchKeepsTheFile(t *testing.T) {
	s := &repository{}
	h, f := serve(t, s)
	want := Fetched{Path: f.Path, URL: h.FileURL("o/m", "c0ffee1", "f"), SHA256: fmt.Sprintf("%x", sha256.Sum256([]byte(content)))}
	got, err := h.Fetch(t.Context(), f)
	if err != nil || got != want {
		t.Fatalf("%+v, %v, want %+v", got, err, want)
	}
	if data, err := os.ReadFile(f.Path); err != nil || string(data) != content {
		t.Errorf("%q, %v", data, err)
	}
	if diff := cmp.Diff([]string{"f", "f.sha256"}, names(t, f.Path)); diff != "" {
		t.Errorf("files (-want +got)\n%s", diff)
	}
	s.requests = nil
	again, err := (&Hub{Endpoint: h.Endpoint, Offline: true}).Fetch(t.Context(), f)
	if err != nil || again.SHA256 != want.SHA256 {
		t.Errorf("second call, offline: %+v, %v", again, err)
	}

	if err := os.WriteFile(f.Path, []byte("damaged"), 0o644); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	f.Log = &log
	if got, err := h.Fetch(t.Context(), f); err != nil || got != want || !strings.Contains(log.String(), "does not match its checksum") {
		t.Errorf("damaged copy: %+v, %v, log %q", got, err, &log)
	}

	if err := os.Remove(f.Path + ".sha256"); err != nil {
		t.Fatal(err)
	}
	if got, err := h.Fetch(t.Context(), f); err != nil || got.SHA256 != "" {
		t.Errorf("copy without a checksum: %+v, %v", got, err)
	}
}

func TestFetchResumes(t *testing.T) {
	const head, get = "HEAD /o/m/resolve/main/f", "GET /o/m/resolve/c0ffee1/f"
	tests := []struct {
		why    string
		server repository
		want   []string // requests of the second call
	}{
		{"the rest only", repository{}, []string{head, get + " bytes=4-", "GET /storage bytes=4-"}},
		{"all, from a server without ranges", repository{noRanges: true}, []string{head, get + " bytes=4-", "GET /storage bytes=4-"}},
		{"all, of content without a name", repository{untagged: true}, []string{head, "GET /o/m/resolve/main/f", "GET /storage"}},
	}
	for _, test := range tests {
		test.server.cutAfter = 4
		h, f := serve(t, &test.server)
		if _, err := h.Fetch(t.Context(), f); err == nil || !strings.Contains(err.Error(), "ended after 4 of 10 bytes") {
			t.Errorf("%s: first call: %v", test.why, err)
		}
		test.server.requests = nil
		done := int64(0)
		f.Progress = func(n, size int64) { done = n }
		_, err := h.Fetch(t.Context(), f)
		data, _ := os.ReadFile(f.Path)
		if err != nil || string(data) != content || done != int64(len(content)) {
			t.Errorf("%s: %q, %v, progress to %d", test.why, data, err, done)
		}
		if diff := cmp.Diff(test.want, test.server.requests); diff != "" {
			t.Errorf("%s: requests (-want +got)\n%s", test.why, diff)
		}
		if diff := cmp.Diff([]string{"f", "f.sha256"}, names(t, f.Path)); diff != "" {
			t.Errorf("%s: files (-want +got)\n%s", test.why, diff)
		}
	}
}

func TestFetchFails(t *testing.T) {
	tests := []struct {
		why    string
		server repository
		change func(*File)
		want   string
	}{
		{"another content than announced", repository{sum: strings.Repeat("0", 64)}, func(*File) {}, "checksum mismatch"},
		{"a missing file", repository{}, func(f *File) { f.Revision = "none" }, "returned status 404"},
		{"a file that is announced as too large", repository{}, func(f *File) { f.Limit = 9 }, "10 bytes exceeds the limit of 9"},
		{"a file that is too large", repository{untagged: true}, func(f *File) { f.Limit = 9 }, "10 bytes exceeds the limit of 9"},
	}
	for _, test := range tests {
		h, f := serve(t, &test.server)
		test.change(&f)
		if _, err := h.Fetch(t.Context(), f); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", test.why, err, test.want)
		}
		if left := names(t, f.Path); len(left) > 0 {
			t.Errorf("%s: left %v", test.why, left)
		}
	}
}

// Callers explain statuses in terms of what they fetch.
func TestFetchReturnsTheStatus(t *testing.T) {
	h, f := serve(t, &repository{})
	f.Name = "none"
	_, err := h.Fetch(t.Context(), f)
	var status *StatusError
	if !errors.As(err, &status) || status.Status != http.StatusNotFound || status.Code != "EntryNotFound" {
		t.Errorf("%v, want status 404 with the hub's code", err)
	}
}

// Two processes must not write the same partial file.
func TestFetchLocksThePartialFile(t *testing.T) {
	h, f := serve(t, &repository{cutAfter: 4})
	h.Fetch(t.Context(), f) // leaves a partial file
	parts, err := filepath.Glob(f.Path + ".*.part")
	if err != nil || len(parts) != 1 {
		t.Fatalf("partial files %v, %v", parts, err)
	}
	other, err := os.Open(parts[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Flock(int(other.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Fetch(t.Context(), f); err == nil || !strings.Contains(err.Error(), "another process is downloading") {
		t.Errorf("while locked: %v", err)
	}
	other.Close()
	if _, err := h.Fetch(t.Context(), f); err != nil {
		t.Errorf("once unlocked: %v", err)
	}
}
