package sharegpt

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Params describe how a run.json was made. They are kept beside it so that a
// stale file is noticed.
type Params struct {
	Limit             int    `json:"limit"`
	MinRounds         int    `json:"min_rounds"`
	StartRound        int    `json:"start_round"`
	Model             string `json:"model"`
	Input             string `json:"input"`                        // URL or name of the file
	InputSHA256       string `json:"input_sha256,omitempty"`       // of a downloaded file
	Tokenizer         string `json:"tokenizer"`                    // where it was found
	TokenizerRevision string `json:"tokenizer_revision,omitempty"` // commit on the hub
	Approximate       bool   `json:"approximate_token_counts"`     // output_length is estimated
	Conversations     int    `json:"conversations"`
	Requests          int    `json:"requests"`
	WarmUps           int    `json:"warm_up_requests"`
	RunSHA256         string `json:"run_sha256"` // of run.json
}

// paramsName returns the name of the parameters' file beside a run.json.
func paramsName(run string) string {
	return strings.TrimSuffix(run, ".json") + ".params.json"
}

// ReadParams reads the parameters beside a run.json of the given content. It
// returns nil if the file is missing, and an error if they describe another content.
func ReadParams(path string, content []byte) (*Params, error) {
	data, err := os.ReadFile(paramsName(path))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var p Params
	if err := json.Unmarshal(data, &p); err != nil {
		return nil, fmt.Errorf("%s: %w", paramsName(path), err)
	}
	sum := sha256.Sum256(content)
	if hex.EncodeToString(sum[:]) != p.RunSHA256 {
		return nil, fmt.Errorf("%s is not the file that %s describes", path, filepath.Base(paramsName(path)))
	}
	return &p, nil
}

// Differences describes how the parameters differ from those wanted.
func (p *Params) Differences(limit, minRounds, startRound int, model string) []string {
	var all []string
	note := func(name string, is, wanted any) {
		if is != wanted {
			all = append(all, fmt.Sprintf("%s %v, not %v", name, is, wanted))
		}
	}
	note("LIMIT", p.Limit, limit)
	note("MIN_ROUNDS", p.MinRounds, minRounds)
	note("START_ROUND", p.StartRound, startRound)
	note("the tokenizer of", p.Model, model)
	return all
}

// Files are the paths of the files that Prepare writes.
type Files struct{ Run, WarmUp, Turns string }

// FilesIn returns the files of a folder.
func FilesIn(folder string) Files {
	return Files{filepath.Join(folder, "run.json"), filepath.Join(folder, "warmup.json"), filepath.Join(folder, "turns.json")}
}

// Prepare writes the files of a folder and the parameters beside them. All of
// them replace the earlier ones together, once they are complete.
func Prepare(ctx context.Context, selection Selection, file io.ReadSeeker, count CountTokens, folder string, params Params, progress func(Stats)) (Stats, error) {
	var files atomicFiles
	defer files.cleanup()
	to := FilesIn(folder)
	hash := sha256.New()
	run, warmUp, turns := files.create(to.Run), files.create(to.WarmUp), files.create(to.Turns)
	if files.err != nil {
		return Stats{}, files.err
	}
	stats, err := selection.Write(ctx, file, count, Outputs{io.MultiWriter(run, hash), warmUp, turns}, progress)
	if err != nil {
		return stats, err
	}
	params.Limit, params.MinRounds, params.StartRound = selection.Limit, selection.MinRounds, selection.StartRound
	params.Conversations, params.Requests, params.WarmUps = stats.Conversations, stats.Requests, stats.WarmUps
	params.RunSHA256 = hex.EncodeToString(hash.Sum(nil))
	encoded := new(bytes.Buffer)
	encoder := json.NewEncoder(encoded)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(params); err != nil {
		return stats, err
	}
	if description := files.create(paramsName(to.Run)); description != nil {
		_, err = encoded.WriteTo(description)
	}
	// If a rename fails halfway, files without parameters do less harm than
	// files with the wrong ones.
	if removed := os.Remove(paramsName(to.Run)); !errors.Is(removed, os.ErrNotExist) {
		err = errors.Join(err, removed)
	}
	return stats, errors.Join(err, files.replace())
}
