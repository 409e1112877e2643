package simengine

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

const millisecond = time.Millisecond

// completion returns the body of a streamed completion request.
func completion(promptTokens, answerTokens int) string {
	return fmt.Sprintf(`{"model":"m","prompt":"%s","max_tokens":%d,"stream":true,"stream_options":{"include_usage":true}}`,
		strings.TrimSpace(strings.Repeat(" hi", promptTokens)), answerTokens)
}

// times returns the arrival times of the tokens. Usage and [DONE] are left out;
// they come with the last token.
func (r reply) times() []time.Duration {
	var at []time.Duration
	for _, event := range r.Events {
		if strings.Contains(event.Data, `"finish_reason"`) {
			at = append(at, event.At)
		}
	}
	return at
}

func TestTokenTimes(t *testing.T) {
	for _, test := range []struct {
		config Config
		prompt int
		want   []time.Duration
		why    string
	}{
		{Config{}, 5, []time.Duration{0, 0, 0}, "the zero Config answers at once"},
		{
			Config{BaseTTFT: 100 * millisecond, ITL: 20 * millisecond}, 5,
			[]time.Duration{100 * millisecond, 120 * millisecond, 140 * millisecond},
			"the prompt costs nothing",
		},
		{
			Config{BaseTTFT: 100 * millisecond, PrefillPer1k: 400 * millisecond, ITL: 50 * millisecond}, 500,
			[]time.Duration{300 * millisecond, 350 * millisecond, 400 * millisecond},
			"half of PrefillPer1k is added to the first token only",
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			_, client := start(t, test.config)
			got := post(client, "/v1/completions", completion(test.prompt, 3))
			if diff := cmp.Diff(test.want, got.times()); diff != "" || got.Err != nil {
				t.Errorf("%s: %v (-want +got):\n%s", test.why, got.Err, diff)
			}
			if got.Headers != test.want[0] {
				t.Errorf("%s: headers after %v, want them with the first token", test.why, got.Headers)
			}
			if last := got.Events[len(got.Events)-1]; last.At != test.want[2] || last.Data != "[DONE]" {
				t.Errorf("%s: the stream ended with %v, want [DONE] with the last token", test.why, last)
			}
		})
	}
}

func TestRepeatedPromptIsCached(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, client := start(t, Config{PrefillPer1k: time.Second, ITL: 10 * millisecond, CacheBlocks: 1000})
		first := post(client, "/v1/completions", completion(1000, 3))
		again := post(client, "/v1/completions", completion(1000, 3))
		if got := first.times()[0]; got != time.Second {
			t.Errorf("first token after %v, want 1s for 1000 tokens", got)
		}
		// 62 full blocks of 16 hold 992 tokens, so 8 tokens remain.
		if got := again.times()[0]; got != 8*millisecond {
			t.Errorf("first token after %v the second time, want 8ms for the 8 tokens outside full blocks", got)
		}
		if usage := again.Events[3].Data; !strings.Contains(usage, `"prompt_tokens_details":{"cached_tokens":992}`) {
			t.Errorf("992 cached tokens are missing in %s", usage)
		}
	})
}

// Answers are cached too: the next turn of a conversation computes only what the
// user adds.
func TestNextTurnReusesTheAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, client := start(t, Config{CacheBlocks: 1000, BlockSize: 1})
		const question = `{"role":"user","content":"tell me"}`
		ask := func(messages string) answerBody {
			return decodeAnswer(t, post(client, "/v1/chat/completions", `{"messages":[`+messages+`],"max_tokens":40}`))
		}
		first := ask(question)
		second := ask(question +
			`,{"role":"assistant","content":"` + first.Choices[0].Message.Content + `"}` +
			`,{"role":"user","content":"more"}`)
		if first.Usage.CompletionTokens != 40 {
			t.Errorf("%d tokens in the answer, want 40", first.Usage.CompletionTokens)
		}
		if got, want := second.Usage.PromptTokensDetails.CachedTokens, first.Usage.TotalTokens; got != want {
			t.Errorf("%d tokens of the next prompt are cached, want all %d of the first exchange", got, want)
		}
	})
}

// As in vLLM, a prompt can be reused only once it has been computed.
func TestPromptIsCachedWithFirstToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, client := start(t, Config{BaseTTFT: 100 * millisecond, ITL: 100 * millisecond, CacheBlocks: 100})
		var replies [3]reply
		var all sync.WaitGroup
		for i, wait := range []time.Duration{0, 50 * millisecond, 150 * millisecond} {
			all.Go(func() {
				time.Sleep(wait)
				replies[i] = post(client, "/v1/completions", completion(33, 5))
			})
		}
		all.Wait()
		for i, want := range []int{0, 0, 32} {
			usage := replies[i].Events[5].Data
			if !strings.Contains(usage, fmt.Sprintf(`"cached_tokens":%d}`, want)) {
				t.Errorf("request %d: want %d cached tokens in %s", i, want, usage)
			}
		}
	})
}

func TestQueueIsFIFO(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, client := start(t, Config{BaseTTFT: 100 * millisecond, ITL: 100 * millisecond, MaxBatch: 2})
		// Each answer takes 300 ms: 100 to the first token and two more.
		arrivals := []time.Duration{0, 10 * millisecond, 20 * millisecond, 30 * millisecond, 40 * millisecond}
		firsts := make([]time.Duration, len(arrivals)) // since the start
		var all sync.WaitGroup
		for i, arrival := range arrivals {
			all.Go(func() {
				time.Sleep(arrival)
				firsts[i] = arrival + post(client, "/v1/completions", completion(1, 3)).times()[0]
			})
		}
		time.Sleep(50 * millisecond)
		checkMetrics(t, client, map[string]float64{
			`vllm:num_requests_running{model_name="simulated-model"}`: 2,
			`vllm:num_requests_waiting{model_name="simulated-model"}`: 3,
		})
		all.Wait()
		want := []time.Duration{
			100 * millisecond, // at once
			110 * millisecond, // at once
			400 * millisecond, // takes the place of the first, free at 300
			410 * millisecond, // takes the place of the second, free at 310
			700 * millisecond, // takes the place of the third, free at 600
		}
		if diff := cmp.Diff(want, firsts); diff != "" {
			t.Errorf("first tokens (-want +got):\n%s", diff)
		}
	})
}

func TestLeavingClientFreesItsPlace(t *testing.T) {
	for _, test := range []struct {
		leave time.Duration // when the client of the second request leaves; it runs from 100 ms on
		want  time.Duration // when the third gets its first token
		why   string
	}{
		{40 * millisecond, 150 * millisecond, "left while queued, so the third request is next"},
		{120 * millisecond, 170 * millisecond, "left before its first token"},
		{180 * millisecond, 230 * millisecond, "left while tokens were arriving"},
	} {
		synctest.Test(t, func(t *testing.T) {
			engine, client := start(t, Config{BaseTTFT: 50 * millisecond, ITL: 50 * millisecond, MaxBatch: 1, CacheBlocks: 9})
			began := time.Now()
			var all sync.WaitGroup
			all.Go(func() { post(client, "/v1/completions", completion(1, 2)) })
			all.Go(func() {
				time.Sleep(10 * millisecond)
				ctx, cancel := context.WithDeadline(t.Context(), began.Add(test.leave))
				defer cancel()
				if got := postContext(ctx, client, "/v1/completions", completion(1, 100)); got.Err == nil {
					t.Errorf("%s: the abandoned request succeeded", test.why)
				}
			})
			time.Sleep(20 * millisecond)
			got := post(client, "/v1/completions", completion(1, 2)).times()[0] + 20*millisecond
			all.Wait()
			if got != test.want {
				t.Errorf("%s: first token at %v, want %v", test.why, got, test.want)
			}
			synctest.Wait()
			if running, waiting := engine.batch.counts(); running != 0 || waiting != 0 {
				t.Errorf("%s: %d running, %d waiting at the end", test.why, running, waiting)
			}
			if held := engine.kvInUse.Load(); held != 0 {
				t.Errorf("%s: %d blocks held at the end", test.why, held)
			}
			checkMetrics(t, client, map[string]float64{
				`vllm:request_success_total{finished_reason="abort",model_name="simulated-model"}`:  1,
				`vllm:request_success_total{finished_reason="length",model_name="simulated-model"}`: 2,
			})
		})
	}
}

func TestJitter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		config := Config{BaseTTFT: time.Second, ITL: 100 * millisecond, Jitter: 0.2, Seed: 7}
		run := func() (runs [2][]time.Duration) {
			_, client := start(t, config)
			for i := range runs {
				runs[i] = post(client, "/v1/completions", completion(1, 200)).times()
			}
			return runs
		}
		first, again := run(), run()
		if diff := cmp.Diff(first, again); diff != "" {
			t.Errorf("the same seed gave different times:\n%s", diff)
		}
		if cmp.Equal(first[0], first[1]) {
			t.Error("two requests had the same delays")
		}
		config.Seed = 8
		if other := run(); cmp.Equal(first, other) {
			t.Error("a different seed gave the same times")
		}
		at := first[0]
		if at[0] < 800*millisecond || at[0] > 1200*millisecond || at[0] == time.Second {
			t.Errorf("first token after %v, want 1s ± 20%%, not exactly", at[0])
		}
		for k := 1; k < len(at); k++ {
			if gap := at[k] - at[k-1]; gap < 80*millisecond || gap > 120*millisecond {
				t.Errorf("gap %d is %v, want 100ms ± 20%%", k, gap)
			}
			mark := at[0] + time.Duration(k)*config.ITL
			if off := (at[k] - mark).Abs(); off > 10*millisecond {
				t.Errorf("token %d is %v off its mark, want at most 10ms: deviations must not add up", k, off)
			}
		}
	})
}

// A client that stops reading makes the engine late. Tokens that became due in
// the meantime are then sent at once, and later ones on time.
func TestLateTokensAreSentTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		engine, err := New(Config{BaseTTFT: 100 * millisecond, ITL: 100 * millisecond})
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		slow := &slowWriter{stallAt: 2, stall: 250 * millisecond}
		engine.ServeHTTP(slow, newRequest(t, "/v1/completions", completion(1, 7)))
		type write struct {
			At     time.Duration
			Tokens int
		}
		var got []write
		for _, one := range slow.writes {
			got = append(got, write{one.at.Sub(began), strings.Count(one.text, `"finish_reason"`)})
		}
		want := []write{
			{100 * millisecond, 1},
			{200 * millisecond, 1}, // takes until 450
			{450 * millisecond, 2}, // due at 300 and 400
			{500 * millisecond, 1},
			{600 * millisecond, 1},
			{700 * millisecond, 1},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("writes (-want +got):\n%s", diff)
		}
	})
}
