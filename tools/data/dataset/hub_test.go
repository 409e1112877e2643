package dataset

import (
	"crypto/sha256"
	"encoding/json"
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

// hubServer is a hub with the files of testdata. It leads to where a file is
// and says its checksum, as the hub does.
func hubServer(t *testing.T, spoil bool) (*Store, *int) {
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
		if spoil {
			data[len(data)/2] ^= 1
		}
		w.Write(data)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	folder := t.TempDir()
	env := map[string]string{"HF_ENDPOINT": server.URL, "LMBENCH_DATASETS": folder, "HF_TOKEN": "hf_secret"}
	return &Store{Getenv: func(name string) string { return env[name] }, Log: io.Discard}, &fetched
}

// TestHub builds tools/parquet for its parts, which takes seconds.
func TestHub(t *testing.T) {
	parquet := filepath.Join(t.TempDir(), "parquet")
	if out, err := exec.Command("go", "build", "-ldflags=-s -w", "-o", parquet, "../../parquet").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for why, part := range map[string]func(t *testing.T, parquet string){
		"requests as vLLM":                    requestsAsVLLM,
		"what is damaged later is had anew":   damagedLater,
		"what is no Parquet file is an error": noParquetFile,
	} {
		t.Run(why, func(t *testing.T) { part(t, parquet) })
	}
}

func requestsAsVLLM(t *testing.T, parquet string) {
	store, fetched := hubServer(t, false)
	for _, v := range vectors(t) {
		if v.Kind != "hf" {
			continue
		}
		h := Hub{Store: store, Parquet: parquet}
		if err := json.Unmarshal(v.Options, &h); err != nil {
			t.Fatal(err)
		}
		// The library's order is not reproduced: the same requests, in another.
		got, err := h.Requests(t.Context(), NewDraws(v.Seed), modelOf(t, v.Tokenizer), 10)
		if err != nil {
			t.Errorf("%s: %v", v.name(), err)
			continue
		}
		missing := slices.DeleteFunc(v.want(), func(r Request) bool { return slices.Contains(got, r) })
		if len(missing) > 0 || len(got) != 10 {
			t.Errorf("%s: %d requests, not among them %+v\n%+v", v.name(), len(got), missing, got[0])
		}
		again, _ := h.Requests(t.Context(), NewDraws(v.Seed), modelOf(t, v.Tokenizer), 10)
		if diff := cmp.Diff(got, again); diff != "" {
			t.Errorf("%s: the same seed gives others\n%s", v.name(), diff)
		}
	}
	if *fetched != 4 {
		t.Errorf("%d files fetched for 4 data sets", *fetched)
	}
}

func TestADamagedDownloadIsRefused(t *testing.T) {
	store, _ := hubServer(t, true)
	_, err := Hub{Name: "philschmid/mt-bench", Store: store}.Requests(t.Context(), NewDraws(0), modelOf(t, "llama3"), 2)
	if err == nil || !strings.Contains(err.Error(), "checksum mismatch") {
		t.Errorf("error %v", err)
	}
	left, _ := filepath.Glob(filepath.Join(store.Getenv("LMBENCH_DATASETS"), "hf", "files", "*"))
	if len(left) > 0 {
		t.Errorf("left in place: %v", left)
	}
}

func damagedLater(t *testing.T, parquet string) {
	store, fetched := hubServer(t, false)
	h := Hub{Name: "philschmid/mt-bench", Store: store, Parquet: parquet}
	for range 2 {
		if _, err := h.Requests(t.Context(), NewDraws(0), modelOf(t, "llama3"), 2); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(store.Getenv("LMBENCH_DATASETS"), "hf", "files", "philschmid_mt-bench.parquet")
		if err := os.WriteFile(path, []byte("spoilt"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if *fetched != 2 {
		t.Errorf("fetched %d times, want 2", *fetched)
	}
}

func TestWithoutANetworkItIsSaidWhatToPass(t *testing.T) {
	for name, address := range public {
		env := map[string]string{"HF_HUB_OFFLINE": "1", "LMBENCH_DATASETS": t.TempDir()}
		store := &Store{Getenv: func(name string) string { return env[name] }, Log: io.Discard}
		_, err := store.Public(t.Context(), name)
		if err == nil || !strings.Contains(err.Error(), address) || !strings.Contains(err.Error(), "DATASET_PATH") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

func noParquetFile(t *testing.T, parquet string) {
	folder := t.TempDir()
	cut := filepath.Join(folder, "cut.parquet")
	if err := os.WriteFile(cut, []byte("PAR1 and no more"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ why, command, path, want string }{
		{"a file cut off", parquet, cut, "invalid magic footer"},
		{"no file", parquet, filepath.Join(folder, "none"), "no such file"},
		{"no command", filepath.Join(folder, "none"), cut, "no such file"},
		{"another command", "echo", cut, "invalid character"},
	} {
		var failed error
		for _, err := range (Hub{Parquet: test.command}).readParquet(t.Context(), test.path) {
			failed = err
		}
		if failed == nil || !strings.Contains(failed.Error(), test.want) {
			t.Errorf("%s: error %v, want %q", test.why, failed, test.want)
		}
	}
}

func TestShuffledKeepsEveryRow(t *testing.T) {
	const n = 3*window + 17
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
		t.Errorf("%d of %d rows, %d in their place", len(seen), n, inPlace)
	}
}
