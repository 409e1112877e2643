package sharegpt

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"

	"github.com/LMCache/LMBench/tools/data/hub"
)

// Dataset is where the public file is below the hub's address, by revision.
const (
	Dataset     = "datasets/anon8231489123/ShareGPT_Vicuna_unfiltered"
	DatasetFile = "ShareGPT_V3_unfiltered_cleaned_split.json"
)

// Download is a file of the Hugging Face hub to have on this machine.
type Download struct {
	Hub      hub.Hub
	Revision string                 // branch, tag or commit
	Folder   string                 // where it is kept, also half, until the rest is asked for
	Progress func(done, size int64) // size 0: not known
}

// Had is a file that was downloaded, now or before.
type Had struct {
	Path   string
	URL    string // pinned to a commit, if the hub tells it
	SHA256 string // "": it was there before
}

// remote is what the hub says of the file.
type remote struct {
	url    string
	tag    string // of the content
	sha256 string // "": not told
	size   int64  // 0: not told
}

// Fetch returns the file that is there, or downloads it. What arrived of a
// download that broke off is kept, and the next one goes on from there.
func (d *Download) Fetch(ctx context.Context) (Had, error) {
	had := Had{Path: filepath.Join(d.Folder, DatasetFile), URL: d.address(d.Revision)}
	if _, err := os.Stat(had.Path); err == nil {
		return had, nil
	}
	if err := os.MkdirAll(d.Folder, 0o755); err != nil {
		return had, err
	}
	from, err := d.ask(ctx)
	if err != nil {
		return had, err
	}
	had.URL = from.url
	part := had.Path + ".part"
	if from.tag != "" {
		sum := sha256.Sum256([]byte(from.url + from.tag))
		part = had.Path + "." + hex.EncodeToString(sum[:4]) + ".part"
	}
	if err := d.receive(ctx, from, part); err != nil {
		return had, err
	}
	if had.SHA256, err = check(part, from); err != nil {
		return had, errors.Join(err, os.Remove(part))
	}
	return had, os.Rename(part, had.Path)
}

func (d *Download) address(revision string) string {
	return d.Hub.File(Dataset, revision, DatasetFile)
}

// ask is the file's size, checksum and commit, which the hub tells before it
// redirects to where the content is.
func (d *Download) ask(ctx context.Context) (remote, error) {
	from := remote{url: d.address(d.Revision)}
	response, err := d.Hub.Head(ctx, from.url)
	if err != nil {
		return from, unreachable(err)
	}
	response.Body.Close()
	if response.StatusCode/100 != 2 && response.StatusCode/100 != 3 {
		return from, d.refused(response.StatusCode)
	}
	header := response.Header
	if commit := header.Get("X-Repo-Commit"); commit != "" {
		from.url = d.address(commit)
	}
	from.tag = hub.Tag(response)
	from.sha256 = hub.Checksum(from.tag)
	if size, err := strconv.ParseInt(header.Get("X-Linked-Size"), 10, 64); err == nil && size > 0 {
		from.size = size
	}
	if from.size > mostBytes {
		return from, fmt.Errorf("the hub says that the ShareGPT file has %d bytes: that is no ShareGPT file", from.size)
	}
	return from, nil
}

// mostBytes is ten times what the public file has.
const mostBytes = 7 << 30

// receive appends to the part what it lacks.
func (d *Download) receive(ctx context.Context, from remote, part string) error {
	file, err := os.OpenFile(part, os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer file.Close()
	have, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if have > 0 && have == from.size {
		return nil
	}
	if from.tag == "" {
		have = 0 // nobody knows what it is a part of
	}
	response, err := d.get(ctx, from.url, have)
	if err != nil {
		return unreachable(err)
	}
	defer response.Body.Close()
	switch response.StatusCode {
	case http.StatusPartialContent:
	case http.StatusOK, http.StatusRequestedRangeNotSatisfiable:
		if have, err = 0, file.Truncate(0); err != nil {
			return err
		}
		if response.StatusCode != http.StatusOK {
			return errors.New("the hub does not go on with the download where it ended: start it again")
		}
	default:
		return d.refused(response.StatusCode)
	}
	if _, err := file.Seek(have, io.SeekStart); err != nil {
		return err
	}
	size := from.size
	if size == 0 && response.ContentLength > 0 {
		size = have + response.ContentLength
	}
	if size == 0 && !hub.Bounded(response) {
		return errors.New("nobody says where the ShareGPT file ends, so that a part could be taken for the whole")
	}
	done, err := io.Copy(file, &reported{io.LimitReader(response.Body, mostBytes), have, size, d.Progress})
	if err == nil && have+done >= mostBytes {
		return fmt.Errorf("more than %d bytes came: that is no ShareGPT file", mostBytes)
	}
	if err == nil && size > 0 && have+done != size {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return fmt.Errorf("the download of %s ended after %d of %d bytes: %w; the next call goes on from there", DatasetFile, have+done, size, err)
	}
	return file.Close()
}

// reported tells how much was read.
type reported struct {
	io.Reader
	done, size int64
	progress   func(done, size int64)
}

func (r *reported) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	r.done += int64(n)
	r.progress(r.done, r.size)
	return n, err
}

func (d *Download) get(ctx context.Context, address string, from int64) (*http.Response, error) {
	if from > 0 {
		return d.Hub.GetFrom(ctx, address, from)
	}
	return d.Hub.Get(ctx, address)
}

func unreachable(err error) error {
	return fmt.Errorf("the ShareGPT file cannot be downloaded: %w; --input FILE takes one that you have", err)
}

func (d *Download) refused(status int) error {
	switch {
	case (status == http.StatusUnauthorized || status == http.StatusForbidden) && d.Hub.Token != "":
		return fmt.Errorf("%s does not accept HF_TOKEN (status %d): is it right, has it expired?", d.Hub.Endpoint, status)
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return fmt.Errorf("%s does not give the ShareGPT file away (status %d): set HF_TOKEN, or use --input FILE", d.Hub.Endpoint, status)
	case status == http.StatusNotFound:
		return fmt.Errorf("%s has no ShareGPT file at revision %s (status 404): use --input FILE", d.Hub.Endpoint, d.Revision)
	}
	return fmt.Errorf("%s answers with status %d to the wish for the ShareGPT file", d.Hub.Endpoint, status)
}

// check is the file's checksum, which must be the one that was promised.
func check(path string, from remote) (string, error) {
	sum, err := hub.FileSum(path)
	if err != nil {
		return "", err
	}
	if from.sha256 != "" && sum != from.sha256 {
		return "", fmt.Errorf("what was downloaded has the checksum %s, not %s: it is thrown away", sum, from.sha256)
	}
	return sum, nil
}
