package suite

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/LMCache/LMBench/tools/results/eventlog"
	"github.com/LMCache/LMBench/tools/results/record"
)

// Five requests are in the log, of users 1 to 5, and in the CSV beside it.
func TestRequestsOfWhatIsLeft(t *testing.T) {
	var log, csv bytes.Buffer
	layout := record.Conversation()
	w, err := eventlog.NewWriter(&log, eventlog.Header{Layout: layout})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := record.NewWriter(&csv, layout)
	if err != nil {
		t.Fatal(err)
	}
	var ends []int // of the log after each request
	for user := 1; user <= 5; user++ {
		row := record.Row{UserID: user, LaunchTime: float64(user), FinishTime: float64(user), Error: "refused"}
		if err := w.Write(&eventlog.Request{Row: row}); err != nil || w.Flush() != nil || rows.Write(row) != nil {
			t.Fatal(err)
		}
		ends = append(ends, log.Len())
	}
	cut := func(at int) []byte { return log.Bytes()[:at] }
	flipped := bytes.Clone(log.Bytes())
	flipped[ends[2]+3] ^= 1
	tests := []struct {
		why      string
		log, csv []byte // nil: no file
		users    []int
		err      string
	}{
		{"a whole log", log.Bytes(), nil, []int{1, 2, 3, 4, 5}, ""},
		{"no log", nil, csv.Bytes(), []int{1, 2, 3, 4, 5}, ""},
		{"neither", nil, nil, nil, ""},
		{"a log that is cut short, and the CSV has the rest", cut(ends[3] - 1), csv.Bytes(), []int{1, 2, 3, 4, 5}, ""},
		{"a bit of it has turned", flipped, csv.Bytes(), []int{1, 2, 3, 4, 5}, ""},
		{"not even a header", cut(9), csv.Bytes(), []int{1, 2, 3, 4, 5}, ""},
		{"a damaged log without a CSV", cut(ends[3] - 1), nil, []int{1, 2, 3}, "is intact up to byte"},
		{"both are damaged", cut(ends[1] - 1), []byte("user_id\n1\n"), []int{1}, "no column"},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			p := Point{Path: filepath.Join(t.TempDir(), "one.json")}
			for ending, content := range map[string][]byte{eventlog.Ending: test.log, ".csv": test.csv} {
				if content != nil {
					if err := os.WriteFile(strings.TrimSuffix(p.Path, ".json")+ending, content, 0o644); err != nil {
						t.Fatal(err)
					}
				}
			}
			var users []int
			var failed error
			for row, err := range p.Requests(nil) {
				if failed = err; err == nil {
					users = append(users, row.UserID)
				}
			}
			if !slices.Equal(users, test.users) || (failed == nil) != (test.err == "") || failed != nil && !strings.Contains(failed.Error(), test.err) {
				t.Errorf("users %v, %v; want %v, %s", users, failed, test.users, test.err)
			}
			for range p.Requests(nil) {
				break // whoever has seen enough gets no more
			}
		})
	}
}
