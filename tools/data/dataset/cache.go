package dataset

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/LMCache/LMBench/tools/data/hub"
)

// Cache keeps files of public data sets and models on this machine. It downloads a file
// once and verifies its checksum on every use.
type Cache struct {
	Getenv func(string) string // reads LMBENCH_DATASETS, XDG_CACHE_HOME, HF_ENDPOINT, HF_TOKEN and others
	Log    io.Writer           // receives a line for every download
}

// maxBytes bounds the size of a file.
const maxBytes = 64 << 30

// Public returns the path of a data set's public file.
func (c *Cache) Public(ctx context.Context, of Info) (string, error) {
	if of.Public == "" {
		return "", fmt.Errorf("the data set %s has no public file: name a file by --dataset-path", of.Name)
	}
	from, err := hub.FromEnv(c.Getenv)
	if err != nil {
		return "", err
	}
	address := of.Public
	if below, ofHub := strings.CutPrefix(address, hub.Host); ofHub {
		address = from.Endpoint + below
	}
	path, err := c.fetch(ctx, &from, hub.File{URL: address}, of.Name, filepath.Base(address))
	if err != nil {
		return "", fmt.Errorf("no data set file was given for %s, and its public file could not be downloaded (%w): "+
			"download %s elsewhere and name it by DATASET_PATH in the spec or --dataset-path", of.Name, err, of.Public)
	}
	return path, nil
}

// Model returns the path of a file of a model on the hub, at a commit.
func (c *Cache) Model(ctx context.Context, model, commit, name string) (string, error) {
	if !hub.IsName(model) || !hub.IsCommit(commit) {
		return "", fmt.Errorf("%q at %q is not a model on the hub", model, commit)
	}
	from, err := hub.FromEnv(c.Getenv)
	if err != nil {
		return "", err
	}
	return c.fetch(ctx, &from, hub.File{Repository: model, Revision: commit, Name: name}, "models", model, commit, name)
}

// fetch returns the path of a file, whose name in the cache consists of parts.
func (c *Cache) fetch(ctx context.Context, from *hub.Hub, file hub.File, parts ...string) (string, error) {
	folder, err := c.folder()
	if err != nil {
		return "", err
	}
	if file.Path, err = hub.Below(folder, parts...); err != nil {
		return "", err
	}
	file.Limit, file.Log = maxBytes, c.Log
	fetched, err := from.Fetch(ctx, file)
	return fetched.Path, err
}

func (c *Cache) folder() (string, error) {
	if folder := c.Getenv("LMBENCH_DATASETS"); folder != "" {
		return folder, nil
	}
	if cache := c.Getenv("XDG_CACHE_HOME"); cache != "" {
		return filepath.Join(cache, "lmbench", "datasets"), nil
	}
	if home := c.Getenv("HOME"); home != "" {
		return filepath.Join(home, ".cache", "lmbench", "datasets"), nil
	}
	return "", errors.New("no folder for data sets: set LMBENCH_DATASETS or HOME")
}

// readJSON reads a small JSON document.
func readJSON(ctx context.Context, from *hub.Hub, address string, to any) error {
	data, err := from.Read(ctx, address, 64<<20)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, to)
}
