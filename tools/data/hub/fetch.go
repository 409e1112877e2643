package hub

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/google/renameio/v2"
)

// A File is a remote file and the path where it is kept.
type File struct {
	Repository string // owner/name of a model, or datasets/owner/name
	Revision   string // branch, tag or commit
	Name       string
	URL        string // replaces the three above for a file outside the hub's repositories

	Path     string                 // local copy; its SHA-256 is kept in Path + ".sha256"
	Limit    int64                  // largest size accepted, in bytes
	Log      io.Writer              // gets a line when a download begins; nil: discarded
	Progress func(done, size int64) // called as bytes arrive, with size 0 if unknown; may be nil
}

// Fetched describes the local copy of a File.
type Fetched struct {
	Path   string
	URL    string // with the commit in place of the revision if the hub named it
	SHA256 string // "" for a copy without a recorded checksum, which was not downloaded by Fetch
}

// remote is what the hub announces of a file before it sends the content.
type remote struct {
	url  string
	tag  string // X-Linked-Etag, which identifies the content; "" if absent
	sum  string // SHA-256, or ""
	size int64  // 0 if unknown
}

// Fetch returns the local copy of a file and downloads it first if there is no
// copy or its checksum no longer matches. The copy appears under its path only
// when it is complete. The next call resumes an interrupted download if the hub
// identifies the content, as it does for large files.
func (h *Hub) Fetch(ctx context.Context, f File) (Fetched, error) {
	got := Fetched{Path: f.Path, URL: h.address(f, f.Revision)}
	if f.Log == nil {
		f.Log = io.Discard
	}
	sum, usable, err := f.localCopy()
	if err != nil || usable {
		got.SHA256 = sum
		return got, err
	}
	shown, _, _ := strings.Cut(got.URL, "?")
	fmt.Fprintf(f.Log, "fetching %s\n", shown)
	if err := os.MkdirAll(filepath.Dir(f.Path), 0o755); err != nil {
		return got, err
	}
	from, err := h.announced(ctx, f)
	if err != nil {
		return got, err
	}
	got.URL = from.url
	got.SHA256, err = h.download(ctx, f, from)
	return got, err
}

func (h *Hub) address(f File, revision string) string {
	return cmp.Or(f.URL, h.FileURL(f.Repository, revision, f.Name))
}

// localCopy reports whether the file is there and unchanged since its checksum
// was recorded. A copy without a recorded checksum is trusted.
func (f *File) localCopy() (sum string, usable bool, err error) {
	if _, err := os.Stat(f.Path); err != nil {
		return "", false, nil
	}
	recorded, err := os.ReadFile(f.Path + ".sha256")
	if errors.Is(err, fs.ErrNotExist) {
		return "", true, nil
	}
	if err != nil {
		return "", false, err
	}
	if sum, err = fileSum(f.Path); err != nil {
		return "", false, err
	}
	if sum == strings.TrimSpace(string(recorded)) {
		return sum, true, nil
	}
	fmt.Fprintf(f.Log, "%s does not match its checksum and is downloaded again\n", f.Path)
	return "", false, nil
}

// announced asks for the file's commit, size and checksum, which the hub sends
// before it redirects to the content.
func (h *Hub) announced(ctx context.Context, f File) (remote, error) {
	from := remote{url: h.address(f, f.Revision)}
	response, err := h.send(ctx, http.MethodHead, from.url, "", stopAtRedirect)
	if err != nil {
		return from, err
	}
	response.Body.Close()
	if response.StatusCode/100 != 2 && response.StatusCode/100 != 3 {
		return from, nil // some servers support GET only; if not, GET reports the status
	}
	if commit := response.Header.Get("X-Repo-Commit"); commit != "" {
		from.url = h.address(f, commit)
	}
	from.tag, from.sum = contentTag(response), announcedSum(response)
	from.size, _ = strconv.ParseInt(response.Header.Get("X-Linked-Size"), 10, 64) // 0 if absent or malformed
	if from.size > f.Limit {
		return from, fmt.Errorf("file of %d bytes exceeds the limit of %d", from.size, f.Limit)
	}
	return from, nil
}

// download completes the partial file, verifies it and gives it its name.
func (h *Hub) download(ctx context.Context, f File, from remote) (sum string, err error) {
	part, err := openPart(f.Path, from)
	if err != nil {
		return "", err
	}
	defer part.Close()
	want, err := h.complete(ctx, f, from, part)
	if err != nil {
		if info, statErr := part.Stat(); from.tag == "" || statErr == nil && info.Size() == 0 {
			err = errors.Join(err, os.Remove(part.Name())) // nothing to resume
		}
		return "", err
	}
	if sum, err = fileSum(part.Name()); err == nil {
		err = verify(sum, want)
	}
	if err != nil {
		return "", errors.Join(err, os.Remove(part.Name()))
	}
	// The checksum comes first: without it a later call would trust any content.
	if err := renameio.WriteFile(f.Path+".sha256", []byte(sum+"\n"), 0o644); err != nil {
		return "", err
	}
	return sum, errors.Join(part.Sync(), os.Rename(part.Name(), f.Path))
}
