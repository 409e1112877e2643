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

// Params are what a run.json was made from. They lie beside it, so that a
// stale one is noticed.
type Params struct {
	Limit             int    `json:"limit"`
	MinRounds         int    `json:"min_rounds"`
	StartRound        int    `json:"start_round"`
	Model             string `json:"model"`
	Input             string `json:"input"`                        // URL or name of the file
	InputSHA256       string `json:"input_sha256,omitempty"`       // of a download
	Tokenizer         string `json:"tokenizer"`                    // where it was found
	TokenizerRevision string `json:"tokenizer_revision,omitempty"` // commit on the hub
	Approximate       bool   `json:"approximate_token_counts"`     // output_length is guessed
	Conversations     int    `json:"conversations"`
	Requests          int    `json:"requests"`
	WarmUps           int    `json:"warm_up_requests"`
	RunSHA256         string `json:"run_sha256"` // of run.json
}

// paramsName is the file's name beside a run.json of that name.
func paramsName(run string) string {
	return strings.TrimSuffix(run, ".json") + ".params.json"
}

// ReadParams reads what lies beside a run.json, whose content is given; nil:
// nothing does. Of a run.json that is not the one they were written with, it
// is an error.
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
		return nil, fmt.Errorf("%s is not the file that %s tells of", path, filepath.Base(paramsName(path)))
	}
	return &p, nil
}

// Differences are how the parameters differ from those wanted.
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

// Files are the names of what Prepare writes.
type Files struct{ Run, WarmUp, Turns string }

// In are the files in a folder.
func In(folder string) Files {
	return Files{filepath.Join(folder, "run.json"), filepath.Join(folder, "warmup.json"), filepath.Join(folder, "turns.json")}
}

// Prepare writes the files, and the parameters beside them. Until all is done
// nothing of it is to be seen; from then on nothing of what was there before.
func Prepare(ctx context.Context, cut Cut, file io.Reader, count Count, folder string, params Params, progress func(Tally)) (Tally, error) {
	var drafts drafts
	defer drafts.discard()
	to := In(folder)
	hash := sha256.New()
	run, warmUp, turns := drafts.create(to.Run), drafts.create(to.WarmUp), drafts.create(to.Turns)
	if err := drafts.err; err != nil {
		return Tally{}, err
	}
	tally, err := cut.Write(ctx, file, count, Sets{io.MultiWriter(run, hash), warmUp, turns}, progress)
	if err != nil {
		return tally, err
	}
	params.Limit, params.MinRounds, params.StartRound = cut.Limit, cut.MinRounds, cut.StartRound
	params.Conversations, params.Requests, params.WarmUps = tally.Conversations, tally.Requests, tally.WarmUps
	params.RunSHA256 = hex.EncodeToString(hash.Sum(nil))
	encoded := new(bytes.Buffer)
	encoder := json.NewEncoder(encoded)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(params); err != nil {
		return tally, err
	}
	if description := drafts.create(paramsName(to.Run)); description != nil {
		_, err = encoded.WriteTo(description)
	}
	// Files without parameters are a lesser evil than with wrong ones.
	if gone := os.Remove(paramsName(to.Run)); !errors.Is(gone, os.ErrNotExist) {
		err = errors.Join(err, gone)
	}
	return tally, errors.Join(err, drafts.publish())
}
