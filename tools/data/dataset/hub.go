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

// Hub are prompts of a data set on the Hugging Face hub, one of HubNames.
type Hub struct {
	Name      string // owner/name
	Subset    string // "": the only one, or default
	OutputLen int    // of all answers; 0: as the data set has it
	Parquet   string // the command tools/parquet
	Store     *Store
}

// HubNames are the data sets that can be read.
func HubNames() []string { return slices.Sorted(maps.Keys(forms)) }

// Requests makes n, some more than once if the data set has fewer. Its order is
// seeded, but not that of Hugging Face's library.
func (h Hub) Requests(ctx context.Context, d *Draws, m *Model, n int) ([]Request, error) {
	form, known := forms[h.Name]
	if !known {
		return nil, fmt.Errorf("the data set %q is not supported, want one of %s", h.Name, strings.Join(HubNames(), ", "))
	}
	at, err := hub.FromEnv(h.Store.Getenv)
	if err != nil {
		return nil, err
	}
	shards, err := h.shards(ctx, &at)
	if err != nil {
		return nil, fmt.Errorf("the data set %s: %w", h.Name, err)
	}
	own := NewDraws(d.seed)
	own.Numpy.Shuffle(len(shards), func(i, j int) { shards[i], shards[j] = shards[j], shards[i] })
	var requests []Request
	read := 0
	for row, err := range shuffled(h.rows(ctx, &at, shards), &own.Numpy) {
		if err != nil {
			return nil, fmt.Errorf("the data set %s: %w", h.Name, err)
		}
		read++
		request, use, err := form(ctx, m, row, h.OutputLen)
		if err != nil {
			return nil, fmt.Errorf("the data set %s: %w", h.Name, err)
		}
		if use {
			requests = append(requests, request)
		}
		if len(requests) == n {
			return requests, nil
		}
	}
	if len(requests) == 0 {
		return nil, none(h.Name, read, "all prompts are too short or too long")
	}
	return d.fill(requests, n), nil
}

// shards are the addresses of the Parquet files of the split train.
func (h Hub) shards(ctx context.Context, at *hub.Hub) ([]string, error) {
	var all map[string]map[string][]string // subset, split
	if err := getJSON(ctx, at, at.URL("api/datasets/"+h.Name+"/parquet"), &all); err != nil {
		return nil, fmt.Errorf("the hub's list of its files could not be had (%w): there must be a network, or HF_ENDPOINT a mirror", err)
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
		return nil, fmt.Errorf("its subset %q has no split train; subsets: %s (--hf-subset)", subset, strings.Join(slices.Sorted(maps.Keys(all)), ", "))
	}
	return shards, nil
}

// shard is the path of a Parquet file.
func (h Hub) shard(ctx context.Context, at *hub.Hub, address string) (string, error) {
	where, err := url.Parse(address)
	if err != nil {
		return "", errors.New("the hub names a file by what is no URL")
	}
	return h.Store.fetch(ctx, at, address, "hf", strings.TrimLeft(where.Path, "/"))
}
