package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/LMCache/LMBench/tools/data/dataset"
	"github.com/LMCache/LMBench/tools/results/runfile"
)

// placeholderKey is the API key of a workload that is given none.
const placeholderKey = "vllm_xxxxxxxxxxxxx"

// check finds what no single argument can tell.
func (s *serving) check() error {
	if key := s.getenv("OPENAI_API_KEY"); key != "" && s.common.APIKey == placeholderKey {
		s.common.APIKey = key
	}
	if s.sampling.quiet {
		s.common.LogInterval = 0
	}
	var faults []error
	fault := func(wrong bool, format string, values ...any) {
		if wrong {
			faults = append(faults, fmt.Errorf(format, values...))
		}
	}
	chosen := s.chosenBackend()
	if chosen.chat {
		s.common.APIType = "chat" // the result says what was sent, not what the backend overruled
	}
	fault(s.backend == "openai-audio", "BACKEND: openai-audio sends sound, which is not supported; the others send text")
	fault(s.sampling.sampled() && !chosen.openAI && s.backend != "openai-audio", "--temperature, --top-p, --top-k, --min-p: the backend %s takes none, OpenAI's APIs do", s.backend)
	fault(len(s.sampling.modules) > 0 && !chosen.openAI, "--lora-modules: the backend %s takes no model name", s.backend)
	fault(s.sampling.endpoint != "" && !strings.HasPrefix(s.sampling.endpoint, "/"), "--endpoint: want a path like /v1/completions, got %q", s.sampling.endpoint)
	ramp := s.load.rampUp != ""
	fault(ramp && (s.load.rampStart == 0 || s.load.rampEnd == 0), "--ramp-up-strategy: --ramp-up-start-rps and --ramp-up-end-rps are missing")
	fault(!ramp && (s.load.rampStart != 0 || s.load.rampEnd != 0), "--ramp-up-start-rps, --ramp-up-end-rps: --ramp-up-strategy is missing")
	fault(s.data.customOutput == 0, "--custom-output-len: want tokens, or -1: as each line says")
	fault(s.data.hubSplit != "" && s.data.hubSplit != "train", "--hf-split: want train, got %q", s.data.hubSplit)
	fault(s.load.seed > 1<<32-1, "--seed: want a number below 4294967296")
	if s.reading.template != "" {
		_, err := os.Stat(s.reading.template)
		fault(err != nil, "--chat-template: %w", err)
	}
	return errors.Join(append(faults, s.checkPath()...)...)
}

// checkPath finds the data set's file and says what is missing.
func (s *serving) checkPath() (faults []error) {
	s.path = strings.Trim(s.path, `"'`) // the original's script takes "" for none
	switch {
	case s.dataset == "random":
	case s.dataset == "hf":
		if !slices.Contains(dataset.HubNames(), s.path) {
			faults = append(faults, fmt.Errorf("DATASET_PATH: for hf want one of %s, got %q", strings.Join(dataset.HubNames(), ", "), s.path))
		}
		if err := s.findParquet(); err != nil {
			faults = append(faults, err)
		}
	case s.path == "" && s.dataset == "custom":
		faults = append(faults, errors.New(`DATASET_PATH: custom needs a file whose name ends in .jsonl, with a line {"prompt": …} for each prompt`))
	case s.path == "" && s.dataset == "sonnet": // LMBench has the public file beside the script
		if path, err := s.findFile("sonnet.txt"); err == nil {
			s.path = path
		}
	case s.path != "":
		path, err := s.findFile(s.path)
		if err != nil {
			faults = append(faults, err)
		}
		s.path = path
	}
	return faults
}

// findParquet finds the command below LMBench's root.
func (s *serving) findParquet() error {
	root := s.getenv("LMBENCH_ROOT")
	if root == "" {
		program, err := os.Executable()
		if err != nil {
			return err
		}
		root = filepath.Join(filepath.Dir(program), "..", "..")
	}
	s.parquet = filepath.Join(root, "tools", "parquet", "parquet")
	if _, err := os.Stat(s.parquet); err != nil {
		return fmt.Errorf("%s is missing, which reads the files of hf: run ./build.sh", s.parquet)
	}
	return nil
}

// findFile is where the data set's file is: a relative path counts from LMBench's
// root as in the original, or from where one is.
func (s *serving) findFile(name string) (string, error) {
	folders := []string{""}
	if !filepath.IsAbs(name) {
		if program, err := os.Executable(); err == nil {
			folders = append(folders, filepath.Join(filepath.Dir(program), "..", ".."), filepath.Dir(program))
		}
		if root := s.getenv("LMBENCH_ROOT"); root != "" {
			folders = append(folders, root)
		}
	}
	for _, folder := range folders {
		path := filepath.Join(folder, name)
		if info, err := os.Stat(path); err == nil && !info.IsDir() {
			return path, nil
		}
	}
	return "", fmt.Errorf("DATASET_PATH: no file %s, neither here nor below LMBench's root", name)
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
