package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/LMCache/LMBench/tools/data/chattemplate"
	"github.com/LMCache/LMBench/tools/data/dataset"
	"github.com/LMCache/LMBench/tools/data/tokenizer/locate"
	"github.com/LMCache/LMBench/tools/engine/openai"
)

// model is how the model reads text: its tokenizer and chat template.
type model struct {
	dataset.Model
	counter *locate.Counter
}

// findModel finds the tokenizer and, if prompts need it, the chat template.
func (s *serving) findModel(ctx context.Context) error {
	source := locate.Source{
		File: s.reading.tokenizer, Model: s.common.Model, Engine: s.engineCounter(),
		Getenv: s.getenv, Log: s.log,
	}
	if name := s.reading.tokenizer; name != "" && name != locate.Approximate {
		if _, err := os.Stat(name); err != nil { // then it is the name of a model
			source.File, source.Model = "", name
		}
	}
	counter, err := source.Find(ctx)
	if err != nil {
		return err
	}
	s.model = model{counter: counter, Model: dataset.Model{Tokenizer: counter.Tokenizer, Count: counter.Count}}
	return s.findTemplate(ctx, &source)
}

// engineCounter counts tokens by asking the serving engine.
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

// findTemplate reads the tokenizer_config.json, if there is one, and the chat template.
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
	template, err := chattemplate.Parse(config.Template, config.Tokens)
	if err != nil {
		return err
	}
	s.model.Chat = template.User
	return nil
}

func (s *serving) needsTemplate() bool { return s.set().Info().NeedsTemplate }

// configPath returns the path of the tokenizer_config.json beside the tokenizer, or "" if
// the file does not exist.
func (s *serving) configPath(ctx context.Context, source *locate.Source) (string, error) {
	const name = "tokenizer_config.json"
	counter := s.model.counter
	if counter.Tokenizer == nil {
		return "", nil
	}
	path := filepath.Join(filepath.Dir(counter.From), name)
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	if counter.Revision == "" {
		return "", nil
	}
	path, err := s.cache().Model(ctx, source.Model, counter.Revision, name)
	switch {
	case err == nil:
		return path, nil
	case s.needsTemplate() && s.reading.template == "":
		return "", fmt.Errorf("the chat template of %s: %w", source.Model, err)
	}
	fmt.Fprintf(s.log, "cannot read %s of %s (%v): spaces in synthetic prompts may differ from vLLM's\n", name, source.Model, err)
	return "", nil
}
