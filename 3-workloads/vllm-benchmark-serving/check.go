package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/LMCache/LMBench/tools/checkout"
	"github.com/LMCache/LMBench/tools/data/dataset"
	"github.com/LMCache/LMBench/tools/results/runfile"
)

// placeholderKey is the API key of a workload without --api-key.
const placeholderKey = "vllm_xxxxxxxxxxxxx"

// check checks arguments that depend on each other.
func (s *serving) check() error {
	if key := s.getenv("OPENAI_API_KEY"); key != "" && s.common.APIKey == placeholderKey {
		s.common.APIKey = key
	}
	if s.sampling.quiet {
		s.common.LogInterval = 0
	}
	var errs []error
	reject := func(wrong bool, format string, values ...any) {
		if wrong {
			errs = append(errs, fmt.Errorf(format, values...))
		}
	}
	chosen := s.chosenBackend()
	if chosen.chat() {
		s.common.APIType = "chat" // the result names the API that is used
	}
	reject(s.backend == "openai-audio", "BACKEND: openai-audio is not supported; the other backends send text")
	reject(s.sampling.sampled() && !chosen.openAI && s.backend != "openai-audio", "--temperature, --top-p, --top-k, --min-p: the backend %s does not accept sampling parameters; those with OpenAI's API do", s.backend)
	reject(len(s.sampling.modules) > 0 && !chosen.openAI, "--lora-modules: the backend %s does not accept a model name", s.backend)
	reject(s.sampling.endpoint != "" && !strings.HasPrefix(s.sampling.endpoint, "/"), "--endpoint: want a path like /v1/completions, got %q", s.sampling.endpoint)
	ramp := s.load.rampUp != ""
	reject(ramp && (s.load.rampStart == 0 || s.load.rampEnd == 0), "--ramp-up-strategy needs --ramp-up-start-rps and --ramp-up-end-rps")
	reject(!ramp && (s.load.rampStart != 0 || s.load.rampEnd != 0), "--ramp-up-start-rps and --ramp-up-end-rps need --ramp-up-strategy")
	reject(s.load.seed > 1<<32-1, "--seed: want a number below 4294967296, got %d", s.load.seed)
	if s.reading.template != "" {
		_, err := os.Stat(s.reading.template)
		reject(err != nil, "--chat-template: %w", err)
	}
	return errors.Join(append(errs, s.checkPath())...)
}

// checkPath checks the data set and finds its file.
func (s *serving) checkPath() error {
	s.path = strings.Trim(s.path, `"'`) // LMBench's original script passes "" for an empty path
	set := s.set()
	if err := set.Check(s.path); err != nil {
		return err
	}
	switch info := set.Info(); {
	case info.Source == dataset.Repository:
		return s.findParquet()
	case info.Source != dataset.File:
		return nil
	case s.path != "":
		path, err := s.findFile(s.path)
		s.path = path
		return err
	case info.Bundled != "":
		if path, err := s.findFile(info.Bundled); err == nil {
			s.path = path
		}
	}
	return nil
}

// set returns the data set of --dataset-name.
func (s *serving) set() dataset.Dataset {
	return s.datasets[slices.IndexFunc(s.datasets, func(d dataset.Dataset) bool { return d.Info().Name == s.dataset })]
}

// findParquet finds the command that reads Parquet files.
func (s *serving) findParquet() error {
	root, err := checkout.Root()
	if err != nil {
		return fmt.Errorf("the data set hf needs the command events of a checkout: %w", err)
	}
	command := filepath.Join(root, "tools", "events", "events")
	if _, err := os.Stat(command); err != nil {
		return fmt.Errorf("%s, which reads the files of hf, is missing: run ./build.sh", command)
	}
	s.parquet = []string{command, "parquet"}
	return nil
}

// findFile returns the path of a data set's file. A relative path may start at the
// working directory, at LMBench's root as in the original, or beside the program.
func (s *serving) findFile(name string) (string, error) {
	folders := []string{""}
	if !filepath.IsAbs(name) {
		if root, err := checkout.Root(); err == nil {
			folders = append(folders, root)
		}
		if program, err := os.Executable(); err == nil {
			folders = append(folders, filepath.Dir(program))
		}
	}
	for _, folder := range folders {
		path := filepath.Join(folder, name)
		if info, err := os.Stat(path); err == nil && !info.IsDir() {
			return path, nil
		}
	}
	return "", fmt.Errorf("DATASET_PATH: no file %s in the working directory or below LMBench's root", name)
}

// describe records which tokenizer counted the prompts.
func (s *serving) describe(run *runfile.Run) {
	found := s.model.counter
	run.Recorded = append(run.Recorded, "TOKENIZER_FROM="+found.From)
	if found.Revision != "" {
		run.Recorded = append(run.Recorded, "TOKENIZER_REVISION="+found.Revision)
	}
	if found.Approximate {
		run.Recorded = append(run.Recorded, "TOKENIZER_APPROXIMATE=True")
	}
}
