package main

import (
	"math"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/LMCache/LMBench/tools/engine/simengine"
	"github.com/LMCache/LMBench/tools/load/closedloop"
	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/test/workloadtest"
)

func fresh() workload.Workload { return new(random).workload() }

func positional(more ...string) []string {
	return append(strings.Fields("sim http://engine:30080 helm_x 5 4 20 8 suite 0 spec.yaml session-1"), more...)
}

func TestConforms(t *testing.T) {
	workloadtest.Conform(t, workloadtest.Case{
		New:   fresh,
		Sweep: append([]string{"--time", "20", "--seed", "7"}, positional("2", "4.50")...),
		Flags: strings.Fields("--model sim --base-url http://engine:30080 --num-users 5 --num-rounds 4 --prompt-len 20 --answer-len 8 --qps 2 --time 20 --seed 7"),
	})
}

func TestUsersAtTheStart(t *testing.T) {
	const ms = time.Millisecond
	slot := func(asked int, due time.Duration) closedloop.Slot { return closedloop.Slot{Asked: asked, Due: due} }
	tests := []struct {
		why  string
		load closedloop.Load
		want []closedloop.Slot
	}{
		{"the same users as in the original", closedloop.Load{Users: 5, Rounds: 10, QPS: 5},
			[]closedloop.Slot{slot(10, 1000*ms), slot(8, 800*ms), slot(6, 600*ms), slot(4, 400*ms), slot(2, 200*ms)}},
		{"one question per user, of which the original sends none", closedloop.Load{Users: 2, Rounds: 1, QPS: 4}, []closedloop.Slot{slot(1, 0), slot(1, 250*ms)}},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, new(random).config(test.load).Slots); diff != "" {
			t.Errorf("%s (-want +got)\n%s", test.why, diff)
		}
	}
}

func TestOfferedRate(t *testing.T) {
	for _, load := range []closedloop.Load{{Users: 5, Rounds: 10, QPS: 5}, {Users: 20, Rounds: 20, QPS: 4}, {Users: 3, Rounds: 1, QPS: 2}, {Users: 1, Rounds: 2, QPS: 1.5}} {
		got, _ := closedloop.Offered(new(random).config(load), time.Minute)
		want := 60 * load.QPS
		if math.Abs(float64(got)-want) > max(1, want/100) { // one request may fall on either side of the minute
			t.Errorf("%+v offers %d requests in a minute, want %v", load, got, want)
		}
	}
	if got, _ := closedloop.Offered((&random{noReplace: true}).config(closedloop.Load{Users: 5, Rounds: 10, QPS: 5}), time.Hour); got != 20 {
		t.Errorf("%d requests without replacement, want 20", got)
	}
}

func TestSweepSendsItsRate(t *testing.T) {
	out := workloadtest.Harness{Workload: fresh(), Args: append([]string{"--time", "60"}, positional("5")...)}.Run(t)
	if want := 300; out.Err != nil || math.Abs(float64(out.Requests)/float64(want)-1) > 0.01 {
		t.Errorf("%d requests in a minute, want %d: %v", out.Requests, want, out.Err)
	}
}

func TestDefaultKeyOfTheOriginal(t *testing.T) {
	var others atomic.Int64
	workloadtest.Harness{Workload: fresh(), Args: append([]string{"--time", "5"}, positional("2")...),
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != "Bearer dummy-key" {
				others.Add(1)
			}
			http.Error(w, "seen", http.StatusTeapot)
		})}.Run(t)
	if n := others.Load(); n > 0 {
		t.Errorf("%d requests had another API key than dummy-key", n)
	}
}

func TestQuestions(t *testing.T) {
	question := func(seed, user, k int) string {
		r := &random{seed: seed, promptLen: 3, rounds: 4}
		return r.conversation(user, k-1).NextRequest(k).Prompt.String()
	}
	const want = "User: Question 2 for user 9: "
	got := question(7, 9, 2)
	if !strings.HasPrefix(got, want) || !strings.HasSuffix(got, ". Please provide a detailed response.\nAssistant: ") {
		t.Errorf("got %q, want the prefix %q and the ending of a question", got, want)
	}
	if len(strings.Fields(got)) != len(strings.Fields(want))+3+5+1 {
		t.Errorf("got %q, want three random words in it", got)
	}
	if question(7, 9, 2) != got {
		t.Error("the same seed, user and question gave another text")
	}
	for why, other := range map[string]string{"seed": question(8, 9, 2), "user": question(7, 10, 2), "question": question(7, 9, 3)} {
		if strings.Fields(other)[6] == strings.Fields(got)[6] {
			t.Errorf("another %s gave the same words: %q", why, other)
		}
	}
}

func TestSeedIsRecorded(t *testing.T) {
	for _, seed := range [][]string{{"--seed", "42"}, nil} {
		out := workloadtest.Harness{Workload: fresh(), Args: append(append([]string{"--time", "5"}, seed...), positional("2")...), Engine: simengine.Config{}}.Run(t)
		result := out.Read(t, out.Files(t, "4-latest-results/suite/*.json")[0])
		want := `"SEED": `
		if seed != nil {
			want += "42,"
		}
		if !strings.Contains(result, want) || strings.Contains(result, `"SEED": 0`) {
			t.Errorf("result lacks %q:\n%s", want, result)
		}
	}
}
