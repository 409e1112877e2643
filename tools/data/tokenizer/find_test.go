package tokenizer

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const commit = "0123456789abcdef0123456789abcdef01234567"

// fakeHub has one model, org/model, whose tokenizer counts letters.
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

func TestFindLooksInThisOrder(t *testing.T) {
	folder, home := t.TempDir(), t.TempDir()
	put := func(path string) {
		if err := writeWhole(path, []byte("{"+small+"}")); err != nil {
			t.Fatal(err)
		}
	}
	put(filepath.Join(folder, "mine.json"))
	put(filepath.Join(folder, "model", "tokenizer.json"))
	snapshot := filepath.Join(home, "hub/models--org--cached/snapshots", commit, "tokenizer.json")
	put(snapshot)
	if err := writeWhole(filepath.Join(home, "hub/models--org--cached/refs/main"), []byte(commit+"\n")); err != nil {
		t.Fatal(err)
	}
	hub := fakeHub(t, "", nil)
	engine := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/tokenize" || r.Method != http.MethodPost {
			http.NotFound(w, r)
			return
		}
		fmt.Fprint(w, `{"count": 7, "tokens": []}`)
	}))
	defer engine.Close()
	tests := []struct {
		why            string
		source         Source
		from, revision string
		count          int
		approximate    bool
	}{
		{"a file that was named", Source{File: filepath.Join(folder, "mine.json"), Model: "org/model"}, filepath.Join(folder, "mine.json"), "", 2, false},
		{"the folder that holds it", Source{File: filepath.Join(folder, "model")}, filepath.Join(folder, "model/tokenizer.json"), "", 2, false},
		{"a model that is a folder", Source{Model: filepath.Join(folder, "model")}, filepath.Join(folder, "model/tokenizer.json"), "", 2, false},
		{"the cache, with its commit", Source{Model: "org/cached"}, snapshot, commit, 2, false},
		{"the hub", Source{Model: "org/model"}, hub.URL + "/org/model", commit, 2, false},
		{"the cache, once the hub was asked", Source{Model: "org/model"}, filepath.Join(home, "hub/models--org--model/snapshots", commit, "tokenizer.json"), commit, 2, false},
		{"the engine, for a model that the hub does not have", Source{Model: "served-name", Engine: engine.URL + "/v1"}, engine.URL + "/tokenize", "", 7, false},
		{"an approximation, if all else fails", Source{Model: "served-name"}, "approximation", "", 1, true},
		{"an approximation that was asked for", Source{File: Approximate}, "approximation", "", 1, true},
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
				t.Errorf("found %+v", found)
			}
			if n, err := found.Count(t.Context(), "abab"); n != test.count || err != nil {
				t.Errorf("counts %d, %v; want %d", n, err, test.count)
			}
			if loud := strings.Contains(log.String(), "APPROXIMATE"); loud != (test.approximate && test.source.File == "") {
				t.Errorf("log %q", log.String())
			}
		})
	}
}

func TestAHubThatRefusesIsNoReasonToGuess(t *testing.T) {
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
		{"a gated model and no token", "", gated, "org/model is gated"},
		{"a gated model and somebody else's token", "hf_right", forbidden, "the account of HF_TOKEN has no access to org/model"},
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
				t.Error("the token is shown")
			}
			if left, _ := os.ReadDir(home); len(left) > 0 {
				t.Errorf("left %v behind", left)
			}
		})
	}
}

func TestTheHubsWays(t *testing.T) {
	tests := []struct {
		why    string
		env    map[string]string
		handle http.HandlerFunc
		want   string
	}{
		{"nobody is asked when offline", map[string]string{"HF_HUB_OFFLINE": "1"}, nil, "HF_HUB_OFFLINE is set"},
		{"a download that is cut", nil, func(w http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(r.URL.Path, "/api/") {
				fmt.Fprintf(w, `{"sha": %q}`, commit)
				return
			}
			w.Header().Set("Content-Length", "1000")
			fmt.Fprint(w, `{"model":`)
		}, "is no good: after 9 bytes: unexpected EOF"},
		{"a page in place of an answer", nil, func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "<html>") }, "does not say which commit"},
		{"a server that is broken", nil, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusBadGateway) }, "status 502"},
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
				t.Errorf("%+v, %v\n%s\nwant %q", found, err, log.String(), test.want)
			}
			if left, _ := filepath.Glob(filepath.Join(home, "*/*/*/*")); len(left) > 0 {
				t.Errorf("left %v behind", left)
			}
		})
	}
}

// The key of an engine goes to that engine, wherever it leads.
func TestTheKeyStaysWithTheEngine(t *testing.T) {
	asked := false
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = true
		fmt.Fprint(w, `{"count": 7}`)
	}))
	defer elsewhere.Close()
	engine := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
	}))
	defer engine.Close()
	var log bytes.Buffer
	source := Source{Model: "m", Engine: engine.URL, APIKey: "secret", Log: &log, Getenv: func(name string) string {
		return map[string]string{"HF_HUB_OFFLINE": "1"}[name]
	}}
	found, err := source.Find(t.Context())
	if asked || err != nil || !found.Approximate || !strings.Contains(log.String(), "status 307") || strings.Contains(log.String(), "secret") {
		t.Errorf("asked elsewhere: %v, %+v, %v\n%s", asked, found, err, log.String())
	}
}

// Names from elsewhere lead to no file outside the cache.
func TestNamesStayInTheCache(t *testing.T) {
	home := t.TempDir()
	if err := writeWhole(filepath.Join(home, "tokenizer.json"), []byte("{"+small+"}")); err != nil {
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
