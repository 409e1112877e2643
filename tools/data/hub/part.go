package hub

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"syscall"
)

// openPart opens and locks the partial file of a content.
func openPart(path string, from remote) (*os.File, error) {
	name := path + ".part"
	if from.tag != "" {
		id := sha256.Sum256([]byte(from.url + from.tag))
		name = path + "." + hex.EncodeToString(id[:4]) + ".part"
	}
	part, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(part.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil || renamed(part) {
		part.Close()
		return nil, fmt.Errorf("another process is downloading %s: try again when it has finished", path)
	}
	return part, nil
}

// renamed reports whether a file no longer has the name it was opened by.
func renamed(file *os.File) bool {
	opened, err := file.Stat()
	named, namedErr := os.Stat(file.Name())
	return err != nil || namedErr != nil || !os.SameFile(opened, named)
}

// complete appends the missing bytes and returns the announced checksum, or "".
func (h *Hub) complete(ctx context.Context, f File, from remote, part *os.File) (sum string, err error) {
	have, err := part.Seek(0, io.SeekEnd)
	if err != nil {
		return "", err
	}
	if have > 0 && have == from.size {
		return from.sum, nil
	}
	if from.tag == "" || from.size > 0 && have > from.size {
		have = 0
	}
	response, have, err := h.getFrom(ctx, from.url, have)
	if errors.Is(err, errCannotResume) {
		err = errors.Join(err, part.Truncate(0))
	}
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	if err := part.Truncate(have); err != nil {
		return "", err
	}
	if _, err := part.Seek(have, io.SeekStart); err != nil {
		return "", err
	}
	size := from.size
	if size == 0 && response.ContentLength > 0 {
		size = have + response.ContentLength
	}
	if size == 0 {
		if err := checkBounded(response); err != nil {
			return "", err
		}
	}
	n, err := copyBody(&progressWriter{part, have, size, f.Progress}, response, f.Limit-have)
	if err == nil && size > 0 && have+n != size {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return "", fmt.Errorf("download ended after %d of %d bytes: %w", have+n, size, err)
	}
	return cmp.Or(from.sum, announcedSum(response)), nil
}

var errCannotResume = errors.New("the server cannot resume the download: the next call starts over")

// getFrom requests a file from an offset on, and returns the offset at which the
// body of the response begins.
func (h *Hub) getFrom(ctx context.Context, address string, offset int64) (*http.Response, int64, error) {
	byteRange := ""
	if offset > 0 {
		byteRange = fmt.Sprintf("bytes=%d-", offset)
	}
	response, err := h.send(ctx, http.MethodGet, address, byteRange, followRedirect)
	if err != nil {
		return nil, 0, err
	}
	switch response.StatusCode {
	case http.StatusPartialContent:
		return response, offset, nil
	case http.StatusOK:
		return response, 0, nil
	}
	response.Body.Close()
	if response.StatusCode == http.StatusRequestedRangeNotSatisfiable {
		return nil, 0, errCannotResume
	}
	return nil, 0, statusError(response)
}

// progressWriter reports how many bytes of a file have been written.
type progressWriter struct {
	io.Writer
	done, size int64
	progress   func(done, size int64)
}

func (w *progressWriter) Write(p []byte) (int, error) {
	n, err := w.Writer.Write(p)
	w.done += int64(n)
	if w.progress != nil {
		w.progress(w.done, w.size)
	}
	return n, err
}
