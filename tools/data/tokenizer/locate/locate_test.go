package locate

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const commit = "0123456789abcdef0123456789abcdef01234567"

// small is the model of a minimal tokenizer.json.
const small = `"model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": ["a b"]}`

// fakeHub serves one model, org/model. It requires the token unless that is empty.
func fakeHub(t *testing.T, token string, refuse func(w http.ResponseWriter) bool) *httptest.Server {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case refuse != nil && refuse(w):
		case token != "" && r.Header.Get("Authorization") != "Bearer "+token:
			w.WriteHeader(http.StatusUnauthorized)
		case r.URL.Path == "/api/models/org/model/revision/main":
			fmt.Fprintf(w, `{"sha": %q}`, commit)
		case r.URL.Path == "/org/model/resolve/"+commit+"/tokenizer.json":
			fmt.Fprint(w, "{"+small+"}")
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(server.Close)
	return server
}

func TestFindSearchesInOrder(t *testing.T) {
	folder, home := t.TempDir(), t.TempDir()
	put := func(path string) {
		if err := write(path, []byte("{"+small+"}")); err != nil {
			t.Fatal(err)
		}
	}
	put(filepath.Join(folder, "mine.json"))
	put(filepath.Join(folder, "model", "tokenizer.json"))
	snapshot := filepath.Join(home, "hub/models--org--cached/snapshots", commit, "tokenizer.json")
	put(snapshot)
	if err := write(filepath.Join(home, "hub/models--org--cached/refs/main"), []byte(commit+"\n")); err != nil {
		t.Fatal(err)
	}
	hub := fakeHub(t, "", nil)
	engine := Engine{"http://engine/tokenize", func(context.Context, string) (int, error) { return 7, nil }}
	broken := Engine{"http://engine/tokenize", func(context.Context, string) (int, error) { return 0, errors.New("status 404") }}
	tests := []struct {
		why            string
		source         Source
		from, revision string
		count          int
		approximate    bool
	}{
		{"the named file", Source{File: filepath.Join(folder, "mine.json"), Model: "org/model"}, filepath.Join(folder, "mine.json"), "", 2, false},
		{"the named folder", Source{File: filepath.Join(folder, "model")}, filepath.Join(folder, "model/tokenizer.json"), "", 2, false},
		{"the model, if it is a folder", Source{Model: filepath.Join(folder, "model")}, filepath.Join(folder, "model/tokenizer.json"), "", 2, false},
		{"the cache, with its commit", Source{Model: "org/cached"}, snapshot, commit, 2, false},
		{"the hub", Source{Model: "org/model"}, hub.URL + "/org/model", commit, 2, false},
		{"the cache after the download from the hub", Source{Model: "org/model"}, filepath.Join(home, "hub/models--org--model/snapshots", commit, "tokenizer.json"), commit, 2, false},
		{"the engine, for a model that the hub does not have", Source{Model: "served-name", Engine: engine}, engine.Name, "", 7, false},
		{"the approximation, if the engine does not count", Source{Model: "served-name", Engine: broken}, "approximation", "", 1, true},
		{"the approximation, if there is no engine", Source{Model: "served-name"}, "approximation", "", 1, true},
		{"the approximation, if asked for", Source{File: Approximate}, "approximation", "", 1, true},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			var log bytes.Buffer
			test.source.Log = &log
			test.source.Getenv = func(name string) string {
				return map[string]string{"HF_HOME": home, "HF_ENDPOINT": hub.URL}[name]
			}
			found, err := test.source.Find(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if found.From != test.from || found.Revision != test.revision || found.Approximate != test.approximate {
				t.Errorf("found %+v, want From %q, Revision %q, Approximate %v", found, test.from, test.revision, test.approximate)
			}
			if n, err := found.Count(t.Context(), "abab"); n != test.count || err != nil {
				t.Errorf("Count = %d, %v, want %d", n, err, test.count)
			}
			if warned := strings.Contains(log.String(), "APPROXIMATE"); warned != (test.approximate && test.source.File == "") {
				t.Errorf("warned of approximate counts: %v, log:\n%s", warned, log.String())
			}
		})
	}
}

func TestARefusedTokenIsAnError(t *testing.T) {
	gated := func(w http.ResponseWriter) bool {
		w.Header().Set("X-Error-Code", "GatedRepo")
		w.WriteHeader(http.StatusUnauthorized)
		return true
	}
	forbidden := func(w http.ResponseWriter) bool {
		w.WriteHeader(http.StatusForbidden)
		return true
	}
	tests := []struct {
		why, token string
		refuse     func(http.ResponseWriter) bool
		want       string
	}{
		{"a wrong token", "hf_wrong", nil, "does not accept HF_TOKEN"},
		{"a gated model without a token", "", gated, "org/model is gated"},
		{"a gated model and a token without access", "hf_right", forbidden, "the account of HF_TOKEN has no access to org/model"},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			hub := fakeHub(t, "hf_right", test.refuse)
			home := t.TempDir()
			var log bytes.Buffer
			source := Source{Model: "org/model", Log: &log, Getenv: func(name string) string {
				return map[string]string{"HOME": home, "HF_ENDPOINT": hub.URL, "HF_TOKEN": test.token}[name]
			}}
			_, err := source.Find(t.Context())
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("error %v, want %q", err, test.want)
			}
			if test.token != "" && strings.Contains(err.Error()+log.String(), test.token) {
				t.Error("the token is in an error or log")
			}
			if left, _ := os.ReadDir(home); len(left) > 0 {
				t.Errorf("left %v behind", left)
			}
		})
	}
}

func TestHubFailuresFallBackToTheApproximation(t *testing.T) {
	tests := []struct {
		why    string
		env    map[string]string
		handle http.HandlerFunc
		want   string
	}{
		{"the hub is not asked when offline", map[string]string{"HF_HUB_OFFLINE": "1"}, nil, "HF_HUB_OFFLINE is set"},
		{"a truncated download", nil, func(w http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(r.URL.Path, "/api/") {
				fmt.Fprintf(w, `{"sha": %q}`, commit)
				return
			}
			w.Header().Set("Content-Length", "1000")
			fmt.Fprint(w, `{"model":`)
		}, "tokenizer.json: after 9 bytes: unexpected EOF"},
		{"a web page instead of JSON", nil, func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "<html>") }, "does not say which commit"},
		{"a broken server", nil, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusBadGateway) }, "status 502"},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			server := httptest.NewServer(test.handle)
			defer server.Close()
			home := t.TempDir()
			var log bytes.Buffer
			source := Source{Model: "org/model", Log: &log, Getenv: func(name string) string {
				if name == "HF_ENDPOINT" {
					return server.URL
				}
				if name == "HF_HOME" {
					return home
				}
				return test.env[name]
			}}
			found, err := source.Find(t.Context())
			if err != nil || !found.Approximate || !strings.Contains(log.String(), test.want) {
				t.Errorf("found %+v, %v; log:\n%s\nwant %q", found, err, log.String(), test.want)
			}
			if left, _ := filepath.Glob(filepath.Join(home, "*/*/*/*")); len(left) > 0 {
				t.Errorf("left %v behind", left)
			}
		})
	}
}

// Model names and revisions must not lead to files outside the cache.
func TestNamesStayInTheCache(t *testing.T) {
	home := t.TempDir()
	if err := write(filepath.Join(home, "tokenizer.json"), []byte("{"+small+"}")); err != nil {
		t.Fatal(err)
	}
	hub := fakeHub(t, "", nil)
	for _, test := range []struct{ model, revision string }{
		{"../../x", "main"}, {"/etc", "main"}, {`a\..\b`, "main"}, {"a\x00", "main"},
		{"org/model", "../../../.."}, {"org/model", "/tmp"}, {"org/model", `..\x`}, {"org/model", "a\x00"},
	} {
		var log bytes.Buffer
		source := Source{Model: test.model, Revision: test.revision, Log: &log, Getenv: func(name string) string {
			return map[string]string{"HF_HUB_CACHE": filepath.Join(home, "hub"), "HF_ENDPOINT": hub.URL}[name]
		}}
		found, err := source.Find(t.Context())
		if err != nil || !found.Approximate {
			t.Errorf("%q at %q: %+v, %v", test.model, test.revision, found, err)
		}
		if left, _ := os.ReadDir(home); len(left) != 1 {
			t.Errorf("%q at %q left %v", test.model, test.revision, left)
		}
	}
}
