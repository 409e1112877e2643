package dataset

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/LMCache/LMBench/tools/data/hub"
)

// Store keeps public data sets on this machine. What it has it does not fetch
// again, and it gives nothing away whose checksum is not right.
type Store struct {
	Getenv func(string) string // LMBENCH_DATASETS, XDG_CACHE_HOME, HF_ENDPOINT, HF_TOKEN …
	Log    io.Writer           // is told what is fetched
}

// public are the files that vLLM's documentation names for a data set.
var public = map[string]string{
	"sharegpt": "https://huggingface.co/datasets/anon8231489123/ShareGPT_Vicuna_unfiltered/resolve/main/ShareGPT_V3_unfiltered_cleaned_split.json",
	"sonnet":   "https://raw.githubusercontent.com/vllm-project/vllm/main/benchmarks/sonnet.txt",
	"burstgpt": "https://github.com/HPMLL/BurstGPT/releases/download/v1.1/BurstGPT_without_fails_2.csv",
}

// mostBytes is more than any public data set's file has.
const mostBytes = 64 << 30

// Public is the path of a data set's public file.
func (s *Store) Public(ctx context.Context, name string) (string, error) {
	address, known := public[name]
	if !known {
		return "", fmt.Errorf("the data set %s has no public file: --dataset-path names yours", name)
	}
	at, err := hub.FromEnv(s.Getenv)
	if err != nil {
		return "", err
	}
	if below, ofHub := strings.CutPrefix(address, hub.Host); ofHub {
		address = at.Endpoint + below
	}
	path, err := s.fetch(ctx, &at, address, name, filepath.Base(address))
	if err != nil {
		return "", fmt.Errorf("no data set file was given for %s, and its public one could not be fetched (%w): "+
			"download %s where there is a network and name it by DATASET_PATH in the spec or --dataset-path", name, err, public[name])
	}
	return path, nil
}

// folder is where files are kept.
func (s *Store) folder() (string, error) {
	if folder := s.Getenv("LMBENCH_DATASETS"); folder != "" {
		return folder, nil
	}
	if cache := s.Getenv("XDG_CACHE_HOME"); cache != "" {
		return filepath.Join(cache, "lmbench", "datasets"), nil
	}
	if home := s.Getenv("HOME"); home != "" {
		return filepath.Join(home, ".cache", "lmbench", "datasets"), nil
	}
	return "", errors.New("LMBENCH_DATASETS names no folder to keep data sets in, and there is no HOME")
}

// fetch is the path of a file, from the folder or the network.
func (s *Store) fetch(ctx context.Context, from *hub.Hub, address string, name ...string) (string, error) {
	folder, err := s.folder()
	if err != nil {
		return "", err
	}
	path, err := hub.Below(folder, name...)
	if err != nil {
		return "", err
	}
	if sum, err := os.ReadFile(path + ".sha256"); err == nil {
		if has, err := hub.FileSum(path); err == nil && has == strings.TrimSpace(string(sum)) {
			return path, nil
		}
		fmt.Fprintf(s.Log, "%s is damaged and fetched anew\n", path)
	}
	shown, _, _ := strings.Cut(address, "?")
	fmt.Fprintf(s.Log, "fetching %s\n", shown)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return "", err
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".fetching-*")
	if err != nil {
		return "", err
	}
	defer os.Remove(file.Name())
	sum, err := download(ctx, from, address, file)
	if err := errors.Join(err, file.Chmod(0o644), file.Close()); err != nil {
		return "", err
	}
	if err := os.Rename(file.Name(), path); err != nil {
		return "", err
	}
	return path, os.WriteFile(path+".sha256", []byte(sum+"\n"), 0o644)
}

// download writes a file and returns its checksum.
func download(ctx context.Context, from *hub.Hub, address string, to io.Writer) (sum string, err error) {
	response, err := get(ctx, from, address)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	return hub.Receive(to, response, mostBytes)
}

func get(ctx context.Context, from *hub.Hub, address string) (*http.Response, error) {
	response, err := from.Get(ctx, address)
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		response.Body.Close()
		return nil, fmt.Errorf("%s answers with status %d", response.Request.URL.Host, response.StatusCode)
	}
	return response, nil
}

// getJSON reads a small answer.
func getJSON(ctx context.Context, from *hub.Hub, address string, to any) error {
	response, err := get(ctx, from, address)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	return json.NewDecoder(io.LimitReader(response.Body, 64<<20)).Decode(to)
}

// Model is the path of a file of a model on the hub, at a commit.
func (s *Store) Model(ctx context.Context, model, commit, name string) (string, error) {
	if !hub.IsName(model) || !hub.IsCommit(commit) {
		return "", fmt.Errorf("%q at %q is no model on the hub", model, commit)
	}
	at, err := hub.FromEnv(s.Getenv)
	if err != nil {
		return "", err
	}
	return s.fetch(ctx, &at, at.FileURL(model, commit, name), "models", model, commit, name)
}
