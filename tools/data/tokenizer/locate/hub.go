package locate

import (
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

	"github.com/google/renameio/v2"

	"github.com/LMCache/LMBench/tools/data/hub"
	"github.com/LMCache/LMBench/tools/data/tokenizer"
)

// remote is a model on the Hugging Face hub. Downloads go to the cache that Hugging
// Face's own programs use.
type remote struct {
	hub.Hub
	model, revision string
	getenv          func(string) string
	log             io.Writer
}

// deniedError reports that the hub has the model but denies access to it.
type deniedError struct{ text string }

func (e *deniedError) Error() string { return e.text }

// folder returns the model's folder in the cache, or "" if the environment defines no
// cache.
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

// cached returns the cached file and its commit, or "" if it is not cached.
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
	path, err := h.snapshot(commit)
	if err == nil {
		_, err = os.Stat(path)
	}
	if err != nil {
		return "", ""
	}
	return path, commit
}

// snapshot returns the path of the file of a commit in the cache.
func (h *remote) snapshot(commit string) (string, error) {
	return hub.Below(filepath.Join(h.folder(), "snapshots"), commit, fileName)
}

// ref returns the path of the cache file that maps the revision to a commit.
func (h *remote) ref() (string, error) {
	return hub.Below(filepath.Join(h.folder(), "refs"), h.revision)
}

// find downloads the file into the cache.
func (h *remote) find(ctx context.Context) (*Counter, error) {
	if !hub.IsName(h.model) {
		return nil, fmt.Errorf("%q is not the name of a model on the hub", h.model)
	}
	commit, err := h.commit(ctx)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(h.log, "downloading the tokenizer of %s, commit %s\n", h.model, commit)
	data, err := h.get(ctx, h.FileURL(h.model, commit, fileName), maxBytes)
	if err != nil {
		return nil, err
	}
	t, err := tokenizer.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("the tokenizer of %s: %w", h.model, err)
	}
	if err := h.keep(commit, data); err != nil {
		fmt.Fprintf(h.log, "the tokenizer could not be cached: %v\n", err)
	}
	return exact(t, h.Endpoint+"/"+h.model, commit), nil
}

// commit resolves the revision.
func (h *remote) commit(ctx context.Context) (string, error) {
	data, err := h.get(ctx, h.URL("api/models/"+h.model+"/revision/"+url.PathEscape(h.revision)), 16<<20)
	if err != nil {
		return "", err
	}
	var info struct{ SHA string }
	if err := json.Unmarshal(data, &info); err != nil || !hub.IsCommit(info.SHA) {
		return "", fmt.Errorf("%s does not say which commit revision %s of %s is", h.Endpoint, h.revision, h.model)
	}
	return info.SHA, nil
}

// maxBytes bounds the size of a tokenizer.json.
const maxBytes = 256 << 20

func (h *remote) get(ctx context.Context, address string, limit int64) ([]byte, error) {
	data, err := h.Read(ctx, address, limit)
	var status *hub.StatusError
	if errors.As(err, &status) {
		return nil, h.refused(status)
	}
	if err != nil {
		return nil, fmt.Errorf("downloading the tokenizer of %s from %s: %w", h.model, address, err)
	}
	return data, nil
}

// refused explains a response without content.
func (h *remote) refused(e *hub.StatusError) error {
	gated := e.Code == "GatedRepo"
	switch {
	case e.Status == http.StatusUnauthorized && h.Token != "" && !gated:
		return &deniedError{fmt.Sprintf("%s does not accept HF_TOKEN (status 401): check that it is correct and has not expired", h.Endpoint)}
	case (e.Status == http.StatusForbidden || gated) && h.Token == "":
		return &deniedError{fmt.Sprintf("%s is gated on %s: set HF_TOKEN to the token of an account that has access", h.model, h.Endpoint)}
	case e.Status == http.StatusForbidden || gated:
		return &deniedError{fmt.Sprintf("the account of HF_TOKEN has no access to %s (status %d): request it on %s/%s", h.model, e.Status, h.Endpoint, h.model)}
	case e.Status == http.StatusUnauthorized, e.Status == http.StatusNotFound:
		return fmt.Errorf("%s has no public model %s with a %s at revision %s (status %d); a private one needs HF_TOKEN", h.Endpoint, h.model, fileName, h.revision, e.Status)
	}
	return e
}

// keep stores the file where Hugging Face's own programs look for it.
func (h *remote) keep(commit string, data []byte) error {
	if h.folder() == "" {
		return errors.New("neither HF_HOME nor HOME is set")
	}
	path, err := h.snapshot(commit)
	if err != nil {
		return err
	}
	if err := write(path, data); err != nil {
		return err
	}
	ref, err := h.ref()
	if err != nil {
		return err
	}
	return write(ref, []byte(commit))
}

// write replaces a file atomically and creates its folder.
func write(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return renameio.WriteFile(path, data, 0o644)
}
