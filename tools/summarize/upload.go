package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/LMCache/LMBench/tools/redact"
)

const (
	uploadLimit = 30 * time.Second // for all of it
	answerLimit = 1 << 20          // bytes
)

// upload posts the file as LMBench's dashboard wants it: a form with one file,
// named file. It returns what the dashboard made of it, for a message.
func upload(ctx context.Context, address, path string) (answer string, err error) {
	ctx, cancel := context.WithTimeout(ctx, uploadLimit)
	defer cancel()
	body, contentType, err := form(path)
	if err != nil {
		return "", err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, body)
	if err != nil {
		return "", errors.New("API_URL is no URL")
	}
	request.Header.Set("Content-Type", contentType)
	response, err := http.DefaultClient.Do(request)
	if wrapped := new(url.Error); errors.As(err, &wrapped) {
		err = wrapped.Err // without the address
	}
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, answerLimit))
	if err != nil {
		return "", fmt.Errorf("reading the answer of %s: %w", redact.URLs(address), err)
	}
	return understood(response, text)
}

func form(path string) (body io.Reader, contentType string, err error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, "", err
	}
	var buffer bytes.Buffer
	parts := multipart.NewWriter(&buffer)
	header := textproto.MIMEHeader{}
	header.Set("Content-Disposition", multipart.FileContentDisposition("file", filepath.Base(path)))
	header.Set("Content-Type", "application/json")
	part, err := parts.CreatePart(header)
	if err != nil {
		return nil, "", err
	}
	if _, err := part.Write(content); err != nil {
		return nil, "", err
	}
	return &buffer, parts.FormDataContentType(), parts.Close()
}

// understood tells success: 200 with JSON, 201 or 204.
func understood(response *http.Response, text []byte) (string, error) {
	switch response.StatusCode {
	case http.StatusCreated, http.StatusNoContent:
		return "", nil
	case http.StatusOK:
	default:
		return "", fmt.Errorf("HTTP %s: %s", response.Status, start(text))
	}
	var answer struct {
		Parsed struct {
			Suite    string `json:"suite_name"`
			Baseline string `json:"baseline_key"`
			Workload string `json:"workload_type"`
		} `json:"parsed_data"`
	}
	if !json.Valid(text) {
		return "", fmt.Errorf("HTTP %s, but the answer is not JSON: %s", response.Status, start(text))
	}
	if err := json.Unmarshal(text, &answer); err != nil || answer.Parsed.Suite == "" {
		return "", nil // what it says of the file is a courtesy
	}
	return fmt.Sprintf(": suite %s, baseline %s, workload %s", answer.Parsed.Suite, answer.Parsed.Baseline, answer.Parsed.Workload), nil
}

// start is enough of an answer to know it by.
func start(text []byte) string {
	const enough = 200
	if len(text) > enough {
		text = append(text[:enough:enough], "…"...)
	}
	return strings.Join(strings.Fields(strings.ToValidUTF8(string(text), "")), " ")
}

// withAddress has the whole address to upload to where the command line hides a
// part of it: a password or token is nothing for a command line.
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
