package hub

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
)

// A StatusError is a response without the file.
type StatusError struct {
	Host   string // that answered, after redirects
	Status int
	Code   string // the hub's X-Error-Code, such as GatedRepo
}

func (e *StatusError) Error() string { return fmt.Sprintf("%s returned status %d", e.Host, e.Status) }

func statusError(response *http.Response) error {
	return &StatusError{Host: response.Request.URL.Host, Status: response.StatusCode, Code: response.Header.Get("X-Error-Code")}
}

// Read returns the content of a small file, of at most limit bytes. It fails if the
// content is cut short or differs from the hub's checksum.
func (h *Hub) Read(ctx context.Context, address string, limit int64) ([]byte, error) {
	response, err := h.send(ctx, http.MethodGet, address, "", followRedirect)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, statusError(response)
	}
	if err := checkBounded(response); err != nil {
		return nil, err
	}
	var content bytes.Buffer
	if n, err := copyBody(&content, response, limit); err != nil {
		return nil, fmt.Errorf("after %d bytes: %w", n, err)
	}
	sum := sha256.Sum256(content.Bytes())
	return content.Bytes(), verify(hex.EncodeToString(sum[:]), announcedSum(response))
}

// checkBounded fails if a body that is cut short would look complete.
func checkBounded(response *http.Response) error {
	if response.ContentLength < 0 && len(response.TransferEncoding) == 0 && response.ProtoMajor < 2 {
		return errors.New("response has neither Content-Length nor chunked encoding; cannot detect truncation")
	}
	return nil
}

// copyBody copies a body of at most limit bytes.
func copyBody(to io.Writer, response *http.Response, limit int64) (int64, error) {
	if response.ContentLength > limit {
		return 0, fmt.Errorf("response of %d bytes exceeds the limit of %d", response.ContentLength, limit)
	}
	n, err := io.Copy(to, io.LimitReader(response.Body, limit+1))
	if n > limit {
		return n, fmt.Errorf("response exceeds the limit of %d bytes", limit)
	}
	return n, err
}

// verify compares checksums; an empty want accepts any.
func verify(got, want string) error {
	if want != "" && got != want {
		return fmt.Errorf("checksum mismatch: got SHA-256 %s, want %s", got, want)
	}
	return nil
}

// fileSum returns the SHA-256 of a local file.
func fileSum(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil {
		return "", err
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

// announcedSum returns the SHA-256 that the hub announces for a large file in
// the response that redirects to its storage, or "".
func announcedSum(response *http.Response) string {
	for r := response; r != nil; r = r.Request.Response {
		if sum := sha256Text.FindString(contentTag(r)); sum != "" {
			return sum
		}
	}
	return ""
}

// contentTag returns the hub's ETag of a file's content, or "". For a large file
// it is the SHA-256.
func contentTag(response *http.Response) string {
	return strings.Trim(strings.TrimPrefix(response.Header.Get("X-Linked-Etag"), "W/"), `"`)
}

var sha256Text = regexp.MustCompile(`^[0-9a-f]{64}$`)
