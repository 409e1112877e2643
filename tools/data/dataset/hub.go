package dataset

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/LMCache/LMBench/tools/data/hub"
)

// Hub makes prompts of a data set on the Hugging Face hub, one of HubNames.
type Hub struct {
	Subset    string // empty means the only one, or default
	Split     string // must be train or empty
	OutputLen int    // tokens of all answers; 0 takes the lengths of the data set
}

// HubNames returns the data sets on the hub that are supported.
func HubNames() []string { return slices.Sorted(maps.Keys(hubForms)) }

// Info implements Dataset.
func (h *Hub) Info() Info { return Info{Name: "hf", Source: Repository, NeedsTemplate: true} }

// Options implements Dataset.
func (h *Hub) Options() []Option {
	return []Option{
		{Flag: "hf-subset", Field: &h.Subset, Help: "hf: subset of the data set"},
		{Flag: "hf-split", Field: &h.Split, Help: "hf: always train, as in vLLM"},
		{Flag: "hf-output-len", Field: &h.OutputLen, Min: 1, Help: "hf: tokens of an answer, otherwise as in the data set"},
	}
}

// Check implements Dataset.
func (h *Hub) Check(path string) error {
	var errs []error
	if h.Split != "" && h.Split != "train" {
		errs = append(errs, fmt.Errorf("--hf-split: want train, got %q", h.Split))
	}
	if _, known := hubForms[path]; !known {
		errs = append(errs, fmt.Errorf("DATASET_PATH: for hf want one of %s, got %q", strings.Join(HubNames(), ", "), path))
	}
	return errors.Join(errs...)
}

// Requests implements Dataset. The order of the rows depends on the seed, but differs
// from that of Hugging Face's library.
func (h *Hub) Requests(ctx context.Context, in *Input, n int) ([]Request, error) {
	form, known := hubForms[in.Path]
	if !known {
		return nil, fmt.Errorf("the data set %q is not supported, want one of %s", in.Path, strings.Join(HubNames(), ", "))
	}
	from, err := hub.FromEnv(in.Cache.Getenv)
	if err != nil {
		return nil, err
	}
	shards, err := h.shards(ctx, &from, in.Path)
	if err != nil {
		return nil, fmt.Errorf("the data set %s: %w", in.Path, err)
	}
	own := NewDraws(in.Draws.seed)
	own.Numpy.Shuffle(len(shards), func(i, j int) { shards[i], shards[j] = shards[j], shards[i] })
	var requests []Request
	read := 0
	for row, err := range shuffled(in.rows(ctx, &from, shards), &own.Numpy) {
		if err != nil {
			return nil, fmt.Errorf("the data set %s: %w", in.Path, err)
		}
		read++
		request, usable, err := form(ctx, in.Model, row, h.OutputLen)
		if err != nil {
			return nil, fmt.Errorf("the data set %s: %w", in.Path, err)
		}
		if usable {
			requests = append(requests, request)
		}
		if len(requests) == n {
			return requests, nil
		}
	}
	if len(requests) == 0 {
		return nil, errUnusable(in.Path, read, "all prompts are too short or too long")
	}
	return in.Draws.fill(requests, n), nil
}

// shards returns the URLs of the Parquet files of the split train.
func (h *Hub) shards(ctx context.Context, from *hub.Hub, name string) ([]string, error) {
	var all map[string]map[string][]string // by subset and split
	if err := readJSON(ctx, from, from.URL("api/datasets/"+name+"/parquet"), &all); err != nil {
		return nil, fmt.Errorf("reading the list of its files from the hub: %w; without access to the hub, set HF_ENDPOINT to a mirror", err)
	}
	subset := h.Subset
	if subset == "" {
		subset = "default"
		if len(all) == 1 {
			subset = slices.Collect(maps.Keys(all))[0]
		}
	}
	shards := all[subset]["train"]
	if len(shards) == 0 {
		return nil, fmt.Errorf("subset %q has no split train; subsets: %s (--hf-subset)", subset, strings.Join(slices.Sorted(maps.Keys(all)), ", "))
	}
	return shards, nil
}

// shard returns the local path of a Parquet file.
func (in *Input) shard(ctx context.Context, from *hub.Hub, address string) (string, error) {
	where, err := url.Parse(address)
	if err != nil {
		return "", errors.New("the hub's list of files has an invalid URL")
	}
	return in.Cache.fetch(ctx, from, hub.File{URL: address}, "hf", strings.TrimLeft(where.Path, "/"))
}
