package main

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/LMCache/LMBench/tools/data/dataset"
	"github.com/LMCache/LMBench/tools/engine/openai"
	"github.com/LMCache/LMBench/tools/load/workload"
)

// stages returns the only stage of a point. All requests are prepared before it starts,
// so that making prompts never delays sending.
func (s *serving) stages(bool) []workload.Stage {
	stage := workload.Stage{
		Name: "measured", For: s.common.Time, Planned: s.prompts,
		Prepare: s.prepare, Before: s.before, After: s.after, Plan: s.plan,
	}
	if s.load.rampUp == "" && s.rate < 1e12 {
		stage.Offered = s.rate
	} else if s.load.rampUp == "" {
		stage.Burst = s.prompts // all are due at the start
		if s.load.concurrency > 0 {
			stage.Burst = min(stage.Burst, s.load.concurrency)
		}
	}
	return []workload.Stage{stage}
}

// prepare makes the prompts and due times. As in vLLM, both draw from the same streams
// of random numbers, in this order.
func (s *serving) prepare(ctx context.Context) (notes []string, err error) {
	began := time.Now()
	// Prompts stay in memory. A smaller heap target saves about their size and costs
	// little time.
	defer debug.SetGCPercent(debug.SetGCPercent(50))
	if err := s.findModel(ctx); err != nil {
		return nil, err
	}
	draws := dataset.NewDraws(uint32(s.load.seed))
	note := func(text string) { notes = append(notes, s.dataset+": "+text) }
	if s.requests, err = s.makeRequests(ctx, draws, note); err != nil {
		return nil, err
	}
	s.modules = nil
	if modules := s.sampling.modules; len(modules) > 0 {
		for range s.requests {
			s.modules = append(s.modules, modules[draws.Python.Choice(len(modules))])
		}
	}
	s.due = s.dueTimes(&draws.Numpy, len(s.requests))
	notes = append(notes, fmt.Sprintf("%d prompts of %s made in %.1f s; tokens by %s", len(s.requests), s.dataset, time.Since(began).Seconds(), s.model.counter.From))
	return append(notes, s.warnings()...), nil
}

// makeRequests makes the requests of the data set.
func (s *serving) makeRequests(ctx context.Context, draws *dataset.Draws, note func(string)) ([]dataset.Request, error) {
	set := s.set()
	in := &dataset.Input{Path: s.path, Draws: draws, Model: &s.model.Model, Chat: s.chosenBackend().chat(), Cache: s.cache(), Note: note, Parquet: s.parquet}
	if info := set.Info(); in.Path == "" && info.Source == dataset.File {
		path, err := in.Cache.Public(ctx, info)
		if err != nil {
			return nil, err
		}
		in.Path = path
	}
	requests, err := set.Requests(ctx, in, s.prompts)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.dataset, err)
	}
	return requests, nil
}

func (s *serving) cache() *dataset.Cache { return &dataset.Cache{Getenv: s.getenv, Log: s.log} }

// warnings returns reasons why the lengths of prompts may be inexact.
func (s *serving) warnings() []string {
	switch {
	case s.model.counter.Tokenizer != nil:
		return nil
	case s.set().Info().Synthetic:
		return []string{"without a tokenizer.json prompts consist of words that are one token each in the usual vocabularies: their lengths are APPROXIMATE (--tokenizer names one)"}
	case s.model.counter.Approximate:
		return []string{"no tokenizer was found: prompts were selected by APPROXIMATE lengths (--tokenizer names one); the figures count the engine's tokens"}
	}
	return nil
}

// before sends the test request, whose failure fails the point, and starts the profiler.
func (s *serving) before(ctx context.Context, client *openai.Client) (notes []string, err error) {
	if s.load.test != "none" {
		first := s.requests[0]
		if s.load.test == "other" {
			first.Prompt, first.PromptTokens = "Hello, how are you today?", 8
		}
		module := ""
		if s.modules != nil {
			module = s.sampling.modules[0]
		}
		if _, err := client.Stream(ctx, s.composer().request(&first, module, "")); err != nil {
			return nil, fmt.Errorf("test request failed; check the arguments: %w", err)
		}
	}
	if s.load.profile {
		if err := client.Profile(ctx, true); err != nil {
			return nil, fmt.Errorf("--profile: %w", err)
		}
	}
	return nil, nil
}

// after stops the profiler.
func (s *serving) after(ctx context.Context, client *openai.Client) (notes []string) {
	if s.load.profile {
		if err := client.Profile(ctx, false); err != nil {
			notes = append(notes, fmt.Sprintf("--profile: %v", err))
		}
	}
	return notes
}
