package sharegpt

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"

	"github.com/LMCache/LMBench/tools/data/hub"
)

// The public file on the Hugging Face hub.
const (
	Dataset     = "datasets/anon8231489123/ShareGPT_Vicuna_unfiltered"
	DatasetFile = "ShareGPT_V3_unfiltered_cleaned_split.json"
)

// maxBytes is ten times the size of the public file.
const maxBytes = 7 << 30

// Download returns the public file at a revision (branch, tag or commit). A copy in
// the folder is used as it is, unless it has changed since it was downloaded.
func Download(ctx context.Context, from *hub.Hub, revision, folder string, log io.Writer, progress func(done, size int64)) (hub.Fetched, error) {
	got, err := from.Fetch(ctx, hub.File{
		Repository: Dataset, Revision: revision, Name: DatasetFile,
		Path: filepath.Join(folder, DatasetFile), Limit: maxBytes, Log: log, Progress: progress,
	})
	var refused *hub.StatusError
	if errors.As(err, &refused) {
		return got, explain(from, revision, refused)
	}
	if err != nil {
		return got, fmt.Errorf("cannot download the ShareGPT file: %w; run the command again to resume, or pass a local copy with --input FILE", err)
	}
	return got, nil
}

// explain says what to do about a status of the hub.
func explain(from *hub.Hub, revision string, refused *hub.StatusError) error {
	switch status := refused.Status; {
	case (status == http.StatusUnauthorized || status == http.StatusForbidden) && from.Token != "":
		return fmt.Errorf("%s rejected HF_TOKEN (status %d): check that it is right and has not expired", from.Endpoint, status)
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return fmt.Errorf("%s denied access to the ShareGPT file (status %d): set HF_TOKEN, or use --input FILE", from.Endpoint, status)
	case status == http.StatusNotFound:
		return fmt.Errorf("%s has no ShareGPT file at revision %s (status 404): use --input FILE", from.Endpoint, revision)
	default:
		return fmt.Errorf("%s returned status %d for the ShareGPT file", refused.Host, status)
	}
}
