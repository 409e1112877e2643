package hub

import (
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

// Receive writes a file that was asked for, of so many bytes at most, and returns
// its SHA-256. What is not whole, or not what the hub promised, is an error.
func Receive(to io.Writer, response *http.Response, most int64) (sum string, err error) {
	if !Bounded(response) {
		return "", errors.New("nobody says where it ends, so that a part could be taken for the whole")
	}
	if response.ContentLength > most {
		return "", fmt.Errorf("it has %d bytes, and at most %d are wanted", response.ContentLength, most)
	}
	hash := sha256.New()
	n, err := io.Copy(io.MultiWriter(to, hash), io.LimitReader(response.Body, most+1))
	if n > most {
		return "", fmt.Errorf("it has more than %d bytes", most)
	}
	if err != nil {
		return "", fmt.Errorf("after %d bytes: %w", n, err)
	}
	sum = hex.EncodeToString(hash.Sum(nil))
	if want := promised(response); want != "" && sum != want {
		return "", fmt.Errorf("its checksum is %s, the hub says %s", sum, want)
	}
	return sum, nil
}

// FileSum is the SHA-256 of a file that is here already.
func FileSum(path string) (string, error) {
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

// Bounded tells whether a body that is cut can be told from a whole one.
func Bounded(response *http.Response) bool {
	return response.ContentLength >= 0 || len(response.TransferEncoding) > 0 || response.ProtoMajor > 1
}

// promised is the checksum that the hub gives for a large file, in the answer that
// leads to where the file is; "": there is none.
func promised(response *http.Response) string {
	for r := response; r != nil; r = r.Request.Response {
		if tag := Tag(r); sha256Text.MatchString(tag) {
			return tag
		}
	}
	return ""
}

// Tag names the content of a file of the hub: its SHA-256, where it is a large one.
func Tag(response *http.Response) string {
	return strings.Trim(strings.TrimPrefix(response.Header.Get("X-Linked-Etag"), "W/"), `"`)
}

// Checksum is a tag's SHA-256; "": it is none.
func Checksum(tag string) string { return sha256Text.FindString(tag) }

var sha256Text = regexp.MustCompile(`^[0-9a-f]{64}$`)
