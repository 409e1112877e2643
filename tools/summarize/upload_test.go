package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// dashboard answers uploads and records what it received.
type dashboard struct {
	status  int
	answer  string
	uploads int
	file    []byte
	name    string
	kind    string
}

func (d *dashboard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.uploads++
	file, header, err := r.FormFile("file")
	if err == nil {
		d.name, d.kind = header.Filename, header.Header.Get("Content-Type")
		d.file, _ = io.ReadAll(file)
	}
	if d.status == http.StatusFound {
		w.Header().Set("Location", "/elsewhere")
	}
	w.WriteHeader(d.status)
	io.WriteString(w, d.answer)
}

func TestUpload(t *testing.T) {
	tests := []struct {
		why    string
		status int
		answer string
		ask    string
		says   string
	}{
		{"the dashboard says what it understood", 200, `{"parsed_data": {"suite_name": "s", "baseline_key": "k", "workload_type": "w"}}`, "true",
			"uploaded: suite s, baseline k, workload w\n"},
		{"the details are optional", 200, `[]`, "YES", "uploaded\n"},
		{"created", 201, "", "1", "uploaded\n"},
		{"no content", 204, "", "True", "uploaded\n"},
		{"a page instead of an API", 200, "<html>", "true", "was not uploaded: HTTP 200 OK, but the answer is not JSON: <html>\n"},
		{"a redirect is not followed", 302, "", "true", "was not uploaded: HTTP 302 Found"},
		{"refused", 400, "bad\n name", "true", "was not uploaded: HTTP 400 Bad Request: bad name\n"},
		{"the text false", 200, "{}", "false", ""},
		{"no AUTO_UPLOAD", 200, "{}", "", ""},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			api := &dashboard{status: test.status, answer: test.answer}
			server := httptest.NewServer(api)
			defer server.Close()
			transcript, exit := runCommand(t, "ROOT", "--root", t.TempDir(), "testdata/full.csv",
				"NAME=s", "KEY=k", "WORKLOAD=w", "QPS=1", "AUTO_UPLOAD="+test.ask, "API_URL="+server.URL+"/upload")
			if exit != 0 || !strings.Contains(transcript, test.says) {
				t.Errorf("%s\nwant %s", transcript, test.says)
			}
			if test.says == "" {
				if api.uploads != 0 {
					t.Error("uploaded unasked")
				}
				return
			}
			if api.uploads != 1 || api.name != "k_w_1_20260102-1504.json" || api.kind != "application/json" || !json.Valid(api.file) {
				t.Errorf("%d uploads of %q, %s: %.100s", api.uploads, api.name, api.kind, api.file)
			}
		})
	}
}

func TestUploadWithoutAServer(t *testing.T) {
	server := httptest.NewServer(&dashboard{})
	address := strings.Replace(server.URL, "http://", "http://me:hidden@", 1)
	server.Close()
	transcript, exit := runCommand(t, "ROOT", "--root", t.TempDir(), "testdata/full.csv", "AUTO_UPLOAD=1", "API_URL="+address)
	if exit != 0 || !strings.Contains(transcript, "was not uploaded: ") || strings.Contains(transcript, "hidden") {
		t.Error(transcript)
	}
}
