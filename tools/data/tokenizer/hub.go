package tokenizer

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/LMCache/LMBench/tools/data/hub"
)

// remote is a model's place on the Hugging Face hub, and in the cache that
// Hugging Face's own programs keep of it.
type remote struct {
	hub.Hub
	model, revision string
	getenv          func(string) string
	log             io.Writer
}

// deniedError is a hub that has the model but does not give it away.
type deniedError struct{ text string }

func (e *deniedError) Error() string { return e.text }

// folder is the model's place in the cache; "": the environment knows no cache.
func (h *remote) folder() string {
	root := h.getenv("HF_HUB_CACHE")
	for _, place := range []struct{ variable, below string }{
		{"HUGGINGFACE_HUB_CACHE", ""}, {"HF_HOME", "hub"}, {"XDG_CACHE_HOME", "huggingface/hub"}, {"HOME", ".cache/huggingface/hub"},
	} {
		if value := h.getenv(place.variable); root == "" && value != "" {
			root = filepath.Join(value, place.below)
		}
	}
	if root == "" {
		return ""
	}
	return filepath.Join(root, "models--"+strings.ReplaceAll(h.model, "/", "--"))
}

// cached is the file in the cache and its commit; "": it is not there.
func (h *remote) cached() (path, commit string) {
	folder := h.folder()
	if folder == "" || !hub.IsName(h.model) {
		return "", ""
	}
	commit = h.revision
	if ref, err := h.ref(); err == nil {
		if text, err := os.ReadFile(ref); err == nil {
			commit = strings.TrimSpace(string(text))
		}
	}
	path, err := h.place(commit)
	if err == nil {
		_, err = os.Stat(path)
	}
	if err != nil {
		return "", ""
	}
	return path, commit
}

// place is where the cache keeps the file of a commit.
func (h *remote) place(commit string) (string, error) {
	return hub.Below(filepath.Join(h.folder(), "snapshots"), commit, name)
}

// ref is where the cache keeps which commit the revision is.
func (h *remote) ref() (string, error) {
	return hub.Below(filepath.Join(h.folder(), "refs"), h.revision)
}

// find downloads the file into the cache.
func (h *remote) find(ctx context.Context) (*Found, error) {
	if !hub.IsName(h.model) {
		return nil, fmt.Errorf("%q is no name of a model on the hub", h.model)
	}
	commit, err := h.commit(ctx)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(h.log, "downloading the tokenizer of %s, commit %s\n", h.model, commit)
	data, err := h.get(ctx, h.File(h.model, commit, name), mostBytes)
	if err != nil {
		return nil, err
	}
	t, err := Parse(data)
	if err != nil {
		return nil, fmt.Errorf("the tokenizer of %s: %w", h.model, err)
	}
	count := func(_ context.Context, text string) (int, error) { return t.Count(text), nil }
	found := &Found{Count: count, Tokenizer: t, From: fmt.Sprintf("%s/%s", h.Endpoint, h.model), Revision: commit}
	if err := h.keep(commit, data); err != nil {
		fmt.Fprintf(h.log, "the tokenizer is not kept for the next time: %v\n", err)
	}
	return found, nil
}

// commit is what the revision stands for now.
func (h *remote) commit(ctx context.Context) (string, error) {
	data, err := h.get(ctx, h.URL("api/models/"+h.model+"/revision/"+url.PathEscape(h.revision)), 16<<20)
	if err != nil {
		return "", err
	}
	var info struct{ SHA string }
	if err := json.Unmarshal(data, &info); err != nil || !hub.IsCommit(info.SHA) {
		return "", fmt.Errorf("%s does not say which commit %s of %s is", h.Endpoint, h.revision, h.model)
	}
	return info.SHA, nil
}

// mostBytes is more than any tokenizer.json has.
const mostBytes = 256 << 20

func (h *remote) get(ctx context.Context, address string, most int64) ([]byte, error) {
	response, err := h.Get(ctx, address)
	if err != nil {
		return nil, fmt.Errorf("asking the hub for the tokenizer of %s: %w", h.model, err)
	}
	defer response.Body.Close()
	if err := h.refused(response); err != nil {
		return nil, err
	}
	var data bytes.Buffer
	if _, err := hub.Receive(&data, response, most); err != nil {
		return nil, fmt.Errorf("the download of %s is no good: %w", address, err)
	}
	return data.Bytes(), nil
}

// refused is why there is no content; nil: there is.
func (h *remote) refused(response *http.Response) error {
	code := response.Header.Get("X-Error-Code")
	switch status := response.StatusCode; {
	case status == http.StatusOK:
		return nil
	case status == http.StatusUnauthorized && h.Token != "" && code != "GatedRepo":
		return &deniedError{fmt.Sprintf("%s does not accept HF_TOKEN (status 401): is it right, has it expired?", h.Endpoint)}
	case status == http.StatusForbidden || code == "GatedRepo":
		if h.Token == "" {
			return &deniedError{fmt.Sprintf("%s is gated on %s: set HF_TOKEN to the token of an account that has access", h.model, h.Endpoint)}
		}
		return &deniedError{fmt.Sprintf("the account of HF_TOKEN has no access to %s (status %d): ask for it on %s/%s", h.model, status, h.Endpoint, h.model)}
	case status == http.StatusUnauthorized, status == http.StatusNotFound:
		return fmt.Errorf("%s has no public %s with a %s at revision %s (status %d); a private one needs HF_TOKEN", h.Endpoint, h.model, name, h.revision, status)
	default:
		return fmt.Errorf("%s answers with status %d", h.Endpoint, status)
	}
}

// keep puts the file where Hugging Face's own programs look for it.
func (h *remote) keep(commit string, data []byte) error {
	if h.folder() == "" {
		return errors.New("neither HF_HOME nor HOME is set")
	}
	place, err := h.place(commit)
	if err == nil {
		err = writeWhole(place, data)
	}
	if err != nil {
		return err
	}
	ref, err := h.ref()
	if err != nil {
		return err
	}
	return writeWhole(ref, []byte(commit))
}

// writeWhole leaves no half file, whatever happens.
func writeWhole(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	_, err = file.Write(data)
	if err := errors.Join(err, file.Chmod(0o644), file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}
