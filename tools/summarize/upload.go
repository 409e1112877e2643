package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/go-resty/resty/v2"

	"github.com/LMCache/LMBench/tools/redact"
)

const (
	uploadTimeout = 30 * time.Second
	maxAnswer     = 1 << 20 // bytes of the answer that are read
)

// upload posts the file as LMBench's dashboard expects it: a form with one file, named
// file. It returns what the dashboard made of it, for a message. No redirect is followed:
// only the receiver's own answer means that the file arrived.
func upload(ctx context.Context, address, path string) (answer string, err error) {
	if _, err := url.Parse(address); err != nil {
		return "", errors.New("API_URL is not a URL")
	}
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	client := resty.New().SetTimeout(uploadTimeout).
		SetRedirectPolicy(resty.RedirectPolicyFunc(func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }))
	response, err := client.R().SetContext(ctx).SetDoNotParseResponse(true).
		SetMultipartField("file", filepath.Base(path), "application/json", file).Post(address)
	if wrapped := new(url.Error); errors.As(err, &wrapped) {
		err = wrapped.Err // without the address, which may hold a password
	}
	if err != nil {
		return "", err
	}
	defer response.RawBody().Close()
	text, err := io.ReadAll(io.LimitReader(response.RawBody(), maxAnswer))
	if err != nil {
		return "", fmt.Errorf("reading the answer of %s: %w", redact.URLs(address), err)
	}
	return understood(response, text)
}

// understood returns what the dashboard made of the file. Success is 200 with JSON, 201 or
// 204.
func understood(response *resty.Response, text []byte) (string, error) {
	switch response.StatusCode() {
	case http.StatusCreated, http.StatusNoContent:
		return "", nil
	case http.StatusOK:
	default:
		return "", fmt.Errorf("HTTP %s: %s", response.Status(), beginning(text))
	}
	var answer struct {
		Parsed struct {
			Suite    string `json:"suite_name"`
			Baseline string `json:"baseline_key"`
			Workload string `json:"workload_type"`
		} `json:"parsed_data"`
	}
	if !json.Valid(text) {
		return "", fmt.Errorf("HTTP %s, but the answer is not JSON: %s", response.Status(), beginning(text))
	}
	if err := json.Unmarshal(text, &answer); err != nil || answer.Parsed.Suite == "" {
		return "", nil // these details are optional
	}
	return fmt.Sprintf(": suite %s, baseline %s, workload %s", answer.Parsed.Suite, answer.Parsed.Baseline, answer.Parsed.Workload), nil
}

// beginning returns the first characters of an answer, for a message.
func beginning(text []byte) string {
	const enough = 200
	if len(text) > enough {
		text = append(text[:enough:enough], "…"...)
	}
	return strings.Join(strings.Fields(strings.ToValidUTF8(string(text), "")), " ")
}

// withAddress replaces a redacted API_URL by the one in the environment: command lines are
// public, so a password or token in the URL is passed in LMBENCH_API_URL.
func withAddress(arguments []string, getenv func(string) string) []string {
	arguments = slices.Clone(arguments)
	whole := "API_URL=" + getenv("LMBENCH_API_URL")
	for i, argument := range arguments {
		if argument == redact.URLs(whole) {
			arguments[i] = whole
		}
	}
	return arguments
}
