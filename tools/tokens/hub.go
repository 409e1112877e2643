package tokens

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
	"regexp"
	"strings"
)

// hub is a model's place on the Hugging Face hub, and in the cache that
// Hugging Face's own programs keep of it.
type hub struct {
	model, revision string
	endpoint, token string
	getenv          func(string) string
	client          *http.Client
	log             io.Writer
}

// deniedError is a hub that has the model but does not give it away.
type deniedError struct{ text string }

func (e *deniedError) Error() string { return e.text }

// modelName is what the hub calls models: name or owner/name.
var modelName = regexp.MustCompile(`^([A-Za-z0-9][\w.-]*/)?[A-Za-z0-9][\w.-]*$`)

// folder is the model's place in the cache; "": the environment knows no cache.
func (h *hub) folder() string {
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
func (h *hub) cached() (path, commit string) {
	folder := h.folder()
	if folder == "" || !modelName.MatchString(h.model) {
		return "", ""
	}
	commit = h.revision
	if ref, err := os.ReadFile(filepath.Join(folder, "refs", h.revision)); err == nil {
		commit = strings.TrimSpace(string(ref))
	}
	path = h.place(commit)
	if _, err := os.Stat(path); err != nil {
		return "", ""
	}
	return path, commit
}

// place is where the cache keeps the file of a commit.
func (h *hub) place(commit string) string {
	return filepath.Join(h.folder(), "snapshots", commit, name)
}

// find downloads the file into the cache.
func (h *hub) find(ctx context.Context) (*Found, error) {
	if !modelName.MatchString(h.model) {
		return nil, fmt.Errorf("%q is no name of a model on the hub", h.model)
	}
	if h.getenv("HF_HUB_OFFLINE") != "" && h.getenv("HF_HUB_OFFLINE") != "0" {
		return nil, errors.New("HF_HUB_OFFLINE is set: the hub is not asked for the tokenizer")
	}
	commit, err := h.commit(ctx)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(h.log, "downloading the tokenizer of %s, commit %s\n", h.model, commit)
	data, err := h.get(ctx, h.model, "resolve", commit, name)
	if err != nil {
		return nil, err
	}
	t, err := Parse(data)
	if err != nil {
		return nil, fmt.Errorf("the tokenizer of %s: %w", h.model, err)
	}
	count := func(_ context.Context, text string) (int, error) { return t.Count(text), nil }
	found := &Found{Count: count, Tokenizer: t, From: fmt.Sprintf("%s/%s", h.endpoint, h.model), Revision: commit}
	if err := h.keep(commit, data); err != nil {
		fmt.Fprintf(h.log, "the tokenizer is not kept for the next time: %v\n", err)
	}
	return found, nil
}

// commit is what the revision stands for now.
func (h *hub) commit(ctx context.Context) (string, error) {
	data, err := h.get(ctx, "api", "models", h.model, "revision", h.revision)
	if err != nil {
		return "", err
	}
	var info struct{ SHA string }
	if err := json.Unmarshal(data, &info); err != nil || !commitHash.MatchString(info.SHA) {
		return "", fmt.Errorf("%s does not say which commit %s of %s is", h.endpoint, h.revision, h.model)
	}
	return info.SHA, nil
}

var commitHash = regexp.MustCompile(`^[0-9a-f]{7,64}$`)

// mostBytes is more than any tokenizer.json has.
const mostBytes = 256 << 20

func (h *hub) get(ctx context.Context, path ...string) ([]byte, error) {
	address, err := url.JoinPath(h.endpoint, path...)
	if err != nil {
		return nil, fmt.Errorf("HF_ENDPOINT: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, fmt.Errorf("HF_ENDPOINT: %w", err)
	}
	if h.token != "" {
		request.Header.Set("Authorization", "Bearer "+h.token)
	}
	response, err := h.client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("asking the hub for the tokenizer of %s: %w", h.model, err)
	}
	defer response.Body.Close()
	if err := h.refused(response); err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(response.Body, mostBytes))
	if err != nil {
		return nil, fmt.Errorf("the download of %s ended early: %w", address, err)
	}
	return data, nil
}

// refused is why there is no content; nil: there is.
func (h *hub) refused(response *http.Response) error {
	code := response.Header.Get("X-Error-Code")
	switch status := response.StatusCode; {
	case status == http.StatusOK:
		return nil
	case status == http.StatusUnauthorized && h.token != "" && code != "GatedRepo":
		return &deniedError{fmt.Sprintf("%s does not accept HF_TOKEN (status 401): is it right, has it expired?", h.endpoint)}
	case status == http.StatusForbidden || code == "GatedRepo":
		if h.token == "" {
			return &deniedError{fmt.Sprintf("%s is gated on %s: set HF_TOKEN to the token of an account that has access", h.model, h.endpoint)}
		}
		return &deniedError{fmt.Sprintf("the account of HF_TOKEN has no access to %s (status %d): ask for it on %s/%s", h.model, status, h.endpoint, h.model)}
	case status == http.StatusUnauthorized, status == http.StatusNotFound:
		return fmt.Errorf("%s has no public %s with a %s at revision %s (status %d); a private one needs HF_TOKEN", h.endpoint, h.model, name, h.revision, status)
	default:
		return fmt.Errorf("%s answers with status %d", h.endpoint, status)
	}
}

// keep puts the file where Hugging Face's own programs look for it.
func (h *hub) keep(commit string, data []byte) error {
	if h.folder() == "" {
		return errors.New("neither HF_HOME nor HOME is set")
	}
	if err := writeWhole(h.place(commit), data); err != nil {
		return err
	}
	return writeWhole(filepath.Join(h.folder(), "refs", h.revision), []byte(commit))
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
