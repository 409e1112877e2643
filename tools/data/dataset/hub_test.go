package dataset

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// hubServer serves the files of testdata as the hub does: it announces the checksum and
// redirects to the content. It returns a cache and the number of downloads. If corrupt
// is set, contents do not match their checksums.
func hubServer(t *testing.T, corrupt bool) (*Cache, *int) {
	t.Helper()
	fetched := 0
	mux := http.NewServeMux()
	mux.HandleFunc("/api/datasets/{owner}/{name}/parquet", func(w http.ResponseWriter, r *http.Request) {
		address := fmt.Sprintf("http://%s/files/%s_%s.parquet", r.Host, r.PathValue("owner"), r.PathValue("name"))
		json.NewEncoder(w).Encode(map[string]any{"default": map[string]any{"train": []string{address}}})
	})
	mux.HandleFunc("/files/{file}", func(w http.ResponseWriter, r *http.Request) {
		data, err := os.ReadFile(filepath.Join("testdata", r.PathValue("file")))
		if err != nil {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("X-Linked-Etag", fmt.Sprintf("%q", fmt.Sprintf("%x", sha256.Sum256(data))))
		http.Redirect(w, r, "/there/"+r.PathValue("file"), http.StatusFound)
	})
	mux.HandleFunc("/there/{file}", func(w http.ResponseWriter, r *http.Request) {
		fetched++
		data, _ := os.ReadFile(filepath.Join("testdata", r.PathValue("file")))
		if corrupt {
			data[len(data)/2] ^= 1
		}
		w.Write(data)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	folder := t.TempDir()
	env := map[string]string{"HF_ENDPOINT": server.URL, "LMBENCH_DATASETS": folder, "HF_TOKEN": "hf_secret"}
	return &Cache{Getenv: func(name string) string { return env[name] }, Log: io.Discard}, &fetched
}

// TestHub builds tools/events once for its subtests, which takes seconds.
func TestHub(t *testing.T) {
	events := filepath.Join(t.TempDir(), "events")
	if out, err := exec.Command("go", "build", "-ldflags=-s -w", "-o", events, "../../events").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for why, part := range map[string]func(t *testing.T, parquet []string){
		"requests match vLLM":                requestsMatchVLLM,
		"damaged files are downloaded again": damagedFiles,
		"invalid files are errors":           invalidFiles,
	} {
		t.Run(why, func(t *testing.T) { part(t, []string{events, "parquet"}) })
	}
}

func requestsMatchVLLM(t *testing.T, parquet []string) {
	cache, fetched := hubServer(t, false)
	for _, v := range vectors(t) {
		if v.Kind != "hf" {
			continue
		}
		h, options := &Hub{}, struct{ Name string }{}
		if err := errors.Join(json.Unmarshal(v.Options, h), json.Unmarshal(v.Options, &options)); err != nil {
			t.Fatal(err)
		}
		input := func() *Input {
			return &Input{Path: options.Name, Draws: NewDraws(v.Seed), Model: modelOf(t, v.Tokenizer), Cache: cache, Parquet: parquet}
		}
		// The requests are the same, but not in the library's order.
		got, err := h.Requests(t.Context(), input(), 10)
		if err != nil {
			t.Errorf("%s: %v", v.name(), err)
			continue
		}
		missing := slices.DeleteFunc(v.want(), func(r Request) bool { return slices.Contains(got, r) })
		if len(missing) > 0 || len(got) != 10 {
			t.Errorf("%s: %d requests, missing %+v; the first is\n%+v", v.name(), len(got), missing, got[0])
		}
		again, _ := h.Requests(t.Context(), input(), 10)
		if diff := cmp.Diff(got, again); diff != "" {
			t.Errorf("%s: the same seed gave other requests\n%s", v.name(), diff)
		}
	}
	if *fetched != 4 {
		t.Errorf("%d files downloaded for 4 data sets", *fetched)
	}
}

func TestACorruptDownloadIsRejected(t *testing.T) {
	cache, _ := hubServer(t, true)
	in := &Input{Path: "philschmid/mt-bench", Draws: NewDraws(0), Model: modelOf(t, "llama3"), Cache: cache}
	_, err := (&Hub{}).Requests(t.Context(), in, 2)
	if err == nil || !strings.Contains(err.Error(), "checksum mismatch") {
		t.Errorf("error %v", err)
	}
	left, _ := filepath.Glob(filepath.Join(cache.Getenv("LMBENCH_DATASETS"), "hf", "files", "*"))
	if len(left) > 0 {
		t.Errorf("left in place: %v", left)
	}
}

func damagedFiles(t *testing.T, parquet []string) {
	cache, fetched := hubServer(t, false)
	in := &Input{Path: "philschmid/mt-bench", Draws: NewDraws(0), Model: modelOf(t, "llama3"), Cache: cache, Parquet: parquet}
	for range 2 {
		if _, err := (&Hub{}).Requests(t.Context(), in, 2); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(cache.Getenv("LMBENCH_DATASETS"), "hf", "files", "philschmid_mt-bench.parquet")
		if err := os.WriteFile(path, []byte("damaged"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if *fetched != 2 {
		t.Errorf("downloaded %d times, want 2", *fetched)
	}
}

func TestOfflineErrorsNameTheFileToDownload(t *testing.T) {
	for _, d := range All() {
		info := d.Info()
		if info.Public == "" {
			continue
		}
		env := map[string]string{"HF_HUB_OFFLINE": "1", "LMBENCH_DATASETS": t.TempDir()}
		cache := &Cache{Getenv: func(name string) string { return env[name] }, Log: io.Discard}
		_, err := cache.Public(t.Context(), info)
		if err == nil || !strings.Contains(err.Error(), info.Public) || !strings.Contains(err.Error(), "DATASET_PATH") {
			t.Errorf("%s: error %v", info.Name, err)
		}
	}
}

func invalidFiles(t *testing.T, parquet []string) {
	folder := t.TempDir()
	cut := filepath.Join(folder, "cut.parquet")
	if err := os.WriteFile(cut, []byte("PAR1 and no more"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		why        string
		command    []string
		path, want string
	}{
		{"a truncated file", parquet, cut, "invalid magic footer"},
		{"a missing file", parquet, filepath.Join(folder, "none"), "no such file"},
		{"a missing command", []string{filepath.Join(folder, "none")}, cut, "no such file"},
		{"a command with other output", []string{"echo"}, cut, "invalid character"},
	} {
		var failed error
		for _, err := range readParquet(t.Context(), test.command, test.path) {
			failed = err
		}
		if failed == nil || !strings.Contains(failed.Error(), test.want) {
			t.Errorf("%s: error %v, want %q", test.why, failed, test.want)
		}
	}
}

func TestShuffledKeepsEveryRow(t *testing.T) {
	const n = 3*shuffleWindow + 17
	rows := func(yield func(hubRow, error) bool) {
		for i := range n {
			if !yield(hubRow{Input: fmt.Sprint(i)}, nil) {
				return
			}
		}
	}
	seen, inPlace, i := map[string]bool{}, 0, 0
	for row := range shuffled(rows, &NewDraws(1).Numpy) {
		seen[row.Input] = true
		if row.Input == fmt.Sprint(i) {
			inPlace++
		}
		i++
	}
	if len(seen) != n || inPlace > 20 {
		t.Errorf("%d of %d rows, %d of them at their old position", len(seen), n, inPlace)
	}
}
