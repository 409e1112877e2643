package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"github.com/LMCache/LMBench/tools/data/chattemplate"
	"github.com/LMCache/LMBench/tools/data/dataset"
	"github.com/LMCache/LMBench/tools/data/tokenizer/locate"
	"github.com/LMCache/LMBench/tools/engine/openai"
	"github.com/LMCache/LMBench/tools/load/workload"
)

// model is how the model reads text, and the point's requests by it.
type model struct {
	dataset.Model
	counter *locate.Counter
	due     []time.Duration
}

// stages is the one stage of a point. All prompts are made before it begins, so
// that sending waits for none.
func (s *serving) stages(bool) []workload.Stage {
	stage := workload.Stage{
		Name: "measured", For: s.common.Time, Planned: s.prompts,
		Make: s.make, Before: s.try, After: s.after, Plan: s.plan,
	}
	if s.load.rampUp == "" && s.rate < 1e12 {
		stage.Offered = s.rate
	} else if s.load.rampUp == "" {
		stage.AtOnce = s.prompts // all are due at the start
		if s.load.concurrency > 0 {
			stage.AtOnce = min(stage.AtOnce, s.load.concurrency)
		}
	}
	return []workload.Stage{stage}
}

// make makes the prompts.
func (s *serving) make(ctx context.Context) (notes []string, err error) {
	began := time.Now()
	// Prompts are all there is to keep, and they stay: a heap that may grow by
	// half as much again costs little time and saves their size in memory.
	defer debug.SetGCPercent(debug.SetGCPercent(50))
	if err := s.findModel(ctx); err != nil {
		return nil, err
	}
	draws := dataset.NewDraws(uint32(s.load.seed))
	if s.requests, err = s.makeRequests(ctx, draws); err != nil {
		return nil, err
	}
	s.modules = nil
	if modules := s.sampling.modules; len(modules) > 0 {
		for range s.requests {
			s.modules = append(s.modules, modules[draws.Python.Choice(len(modules))])
		}
	}
	s.model.due = s.arrivalTimes(&draws.Numpy, len(s.requests))
	notes = append(notes, fmt.Sprintf("%d prompts of %s made in %.1f s; tokens by %s", len(s.requests), s.dataset, time.Since(began).Seconds(), s.model.counter.From))
	return append(notes, s.doubts()...), nil
}

// doubts are what a person should know of the prompts' lengths.
func (s *serving) doubts() []string {
	switch {
	case s.model.counter.Tokenizer != nil:
		return nil
	case s.set().Info().Synthetic:
		return []string{"without a tokenizer.json prompts are made of words that are one token each in the usual vocabularies: their lengths are APPROXIMATE (--tokenizer names one)"}
	case s.model.counter.Approximate:
		return []string{"no tokenizer was found: which prompts are of use was decided by APPROXIMATE lengths (--tokenizer names one); the figures count the engine's tokens"}
	}
	return nil
}

// try sends one request before the load begins, whose failure is the point's.
func (s *serving) try(ctx context.Context, client *openai.Client) (notes []string, err error) {
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
			return nil, fmt.Errorf("the test request failed, is everything given right? %w", err)
		}
	}
	if s.load.profile {
		if err := client.Profile(ctx, true); err != nil {
			return nil, fmt.Errorf("--profile: %w", err)
		}
	}
	return nil, nil
}

func (s *serving) after(ctx context.Context, client *openai.Client) (notes []string) {
	if s.load.profile {
		if err := client.Profile(ctx, false); err != nil {
			notes = append(notes, fmt.Sprintf("--profile: %v", err))
		}
	}
	return notes
}

// findModel finds the tokenizer and, where prompts need it, the chat template.
func (s *serving) findModel(ctx context.Context) error {
	source := locate.Source{
		File: s.reading.tokenizer, Model: s.common.Model, Engine: s.engineCounter(),
		Getenv: s.getenv, Log: s.log,
	}
	if name := s.reading.tokenizer; name != "" && name != locate.Approximate {
		if _, err := os.Stat(name); err != nil { // then it is a model's name
			source.File, source.Model = "", name
		}
	}
	found, err := source.Find(ctx)
	if err != nil {
		return err
	}
	s.model.counter = found
	s.model.Model = dataset.Model{Tokenizer: found.Tokenizer, Count: found.Count}
	return s.findTemplate(ctx, &source)
}

// engineCounter counts tokens by the serving engine.
func (s *serving) engineCounter() locate.Engine {
	client, err := openai.New(openai.Config{BaseURL: s.common.BaseURL, APIKey: s.common.APIKey, CAs: s.common.CAs.Pool, Insecure: s.common.Insecure})
	if err != nil {
		return locate.Engine{Name: s.common.BaseURL, Count: func(context.Context, string) (int, error) { return 0, err }}
	}
	model := s.common.Model
	return locate.Engine{Name: client.TokenizeURL(), Count: func(ctx context.Context, text string) (int, error) {
		return client.CountText(ctx, model, text)
	}}
}

// findTemplate reads the tokenizer_config.json, if there is one.
func (s *serving) findTemplate(ctx context.Context, source *locate.Source) error {
	var config chattemplate.Config
	path, err := s.configPath(ctx, source)
	if err != nil {
		return err
	}
	if path != "" {
		if config, err = chattemplate.Load(path); err != nil {
			return err
		}
	}
	s.model.CleanUp = config.CleanUp
	if s.reading.template != "" && s.needsTemplate() {
		data, err := os.ReadFile(s.reading.template)
		if err != nil {
			return fmt.Errorf("--chat-template: %w", err)
		}
		config.Template = string(data)
	}
	if config.Template == "" || !s.needsTemplate() {
		return nil
	}
	parsed, err := chattemplate.Parse(config.Template, config.Tokens)
	if err != nil {
		return err
	}
	s.model.Chat = parsed.User
	return nil
}

func (s *serving) needsTemplate() bool { return s.set().Info().NeedsTemplate }

// configPath is the tokenizer_config.json beside the tokenizer; "": none.
func (s *serving) configPath(ctx context.Context, source *locate.Source) (string, error) {
	const name = "tokenizer_config.json"
	found := s.model.counter
	if found.Tokenizer == nil {
		return "", nil
	}
	path := filepath.Join(filepath.Dir(found.From), name)
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	if found.Revision == "" {
		return "", nil
	}
	path, err := s.cache().Model(ctx, source.Model, found.Revision, name)
	switch {
	case err == nil:
		return path, nil
	case s.needsTemplate() && s.reading.template == "":
		return "", fmt.Errorf("the chat template of %s: %w", source.Model, err)
	}
	fmt.Fprintf(s.log, "%s of %s could not be had (%v): made-up prompts may differ in spaces from vLLM's\n", name, source.Model, err)
	return "", nil
}

func (s *serving) cache() *dataset.Cache { return &dataset.Cache{Getenv: s.getenv, Log: s.log} }

// makeRequests makes the requests of the data set.
func (s *serving) makeRequests(ctx context.Context, draws *dataset.Draws) ([]dataset.Request, error) {
	set := s.set()
	in := &dataset.Input{Path: s.path, Draws: draws, Model: &s.model.Model, Chat: s.chosenBackend().chat, Cache: s.cache(), Parquet: s.parquet}
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
