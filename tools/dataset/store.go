package dataset

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
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
	"time"
)

// Store keeps public data sets on this machine. What it has it does not fetch
// again, and it gives nothing away whose checksum is not right.
type Store struct {
	Getenv func(string) string // LMBENCH_DATASETS, XDG_CACHE_HOME, HF_ENDPOINT, HF_TOKEN …
	Client *http.Client        // nil: as the environment says, proxies included
	Log    io.Writer           // is told what is fetched
}

// public are the files that vLLM's documentation names for a data set.
var public = map[string]string{
	"sharegpt": "https://huggingface.co/datasets/anon8231489123/ShareGPT_Vicuna_unfiltered/resolve/main/ShareGPT_V3_unfiltered_cleaned_split.json",
	"sonnet":   "https://raw.githubusercontent.com/vllm-project/vllm/main/benchmarks/sonnet.txt",
	"burstgpt": "https://github.com/HPMLL/BurstGPT/releases/download/v1.1/BurstGPT_without_fails_2.csv",
}

const hubHost = "https://huggingface.co"

// Public is the path of a data set's public file.
func (s *Store) Public(ctx context.Context, name string) (string, error) {
	address, known := public[name]
	if !known {
		return "", fmt.Errorf("the data set %s has no public file: --dataset-path names yours", name)
	}
	if below, ofHub := strings.CutPrefix(address, hubHost); ofHub {
		address = s.hub() + below
	}
	path, err := s.fetch(ctx, address, filepath.Join(name, filepath.Base(address)))
	if err != nil {
		return "", fmt.Errorf("no data set file was given for %s, and its public one could not be fetched (%w): "+
			"download %s where there is a network and name it by DATASET_PATH in the spec or --dataset-path", name, err, public[name])
	}
	return path, nil
}

// hub is the Hugging Face hub's address.
func (s *Store) hub() string {
	return strings.TrimRight(cmp.Or(s.Getenv("HF_ENDPOINT"), hubHost), "/")
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
func (s *Store) fetch(ctx context.Context, address, name string) (string, error) {
	folder, err := s.folder()
	if err != nil {
		return "", err
	}
	path := filepath.Join(folder, name)
	if sum, err := os.ReadFile(path + ".sha256"); err == nil {
		if has, err := checksum(path); err == nil && has == strings.TrimSpace(string(sum)) {
			return path, nil
		}
		fmt.Fprintf(s.Log, "%s is damaged and fetched anew\n", path)
	}
	fmt.Fprintf(s.Log, "fetching %s\n", address)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return "", err
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".fetching-*")
	if err != nil {
		return "", err
	}
	defer os.Remove(file.Name())
	sum, err := s.download(ctx, address, file)
	if err := errors.Join(err, file.Chmod(0o644), file.Close()); err != nil {
		return "", err
	}
	if err := os.Rename(file.Name(), path); err != nil {
		return "", err
	}
	return path, os.WriteFile(path+".sha256", []byte(sum+"\n"), 0o644)
}

// download writes a file and returns its checksum.
func (s *Store) download(ctx context.Context, address string, to io.Writer) (sum string, err error) {
	response, err := s.get(ctx, address)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	hash := sha256.New()
	n, err := io.Copy(io.MultiWriter(to, hash), response.Body)
	if err != nil {
		return "", fmt.Errorf("after %d bytes: %w", n, err)
	}
	sum = hex.EncodeToString(hash.Sum(nil))
	if want := promised(response); want != "" && sum != want {
		return "", fmt.Errorf("its checksum is %s, the hub says %s", sum, want)
	}
	return sum, nil
}

func (s *Store) get(ctx context.Context, address string) (*http.Response, error) {
	if offline := s.Getenv("HF_HUB_OFFLINE"); offline != "" && offline != "0" {
		return nil, errors.New("HF_HUB_OFFLINE is set")
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	if token := s.Getenv("HF_TOKEN"); token != "" && strings.HasPrefix(address, s.hub()+"/") {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := s.client().Do(request)
	if err != nil {
		var wrapped *url.Error // which repeats the address
		if errors.As(err, &wrapped) {
			err = wrapped.Err
		}
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		response.Body.Close()
		return nil, fmt.Errorf("%s answers with status %d", request.URL.Host, response.StatusCode)
	}
	return response, nil
}

func (s *Store) client() *http.Client {
	if s.Client != nil {
		return s.Client
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.ResponseHeaderTimeout = 30 * time.Second
	return &http.Client{Transport: transport}
}

// getJSON reads a small answer.
func (s *Store) getJSON(ctx context.Context, address string, to any) error {
	response, err := s.get(ctx, address)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	return json.NewDecoder(io.LimitReader(response.Body, 64<<20)).Decode(to)
}

var sha256Hex = regexp.MustCompile(`^[0-9a-f]{64}$`)

// promised is the checksum that the hub gives for a large file: in the answer
// that leads to where the file is. Empty if there is none.
func promised(response *http.Response) string {
	for r := response; r != nil; r = r.Request.Response {
		if tag := strings.Trim(r.Header.Get("X-Linked-Etag"), `"`); sha256Hex.MatchString(tag) {
			return tag
		}
	}
	return ""
}

func checksum(path string) (string, error) {
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

// Model is the path of a file of a model on the hub, at a commit.
func (s *Store) Model(ctx context.Context, model, commit, name string) (string, error) {
	return s.fetch(ctx, s.hub()+"/"+model+"/resolve/"+commit+"/"+name, filepath.Join("models", filepath.Clean("/"+model), commit, name))
}
