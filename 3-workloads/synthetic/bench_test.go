package main

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/LMCache/LMBench/tools/load/closedloop"
)

// BenchmarkHistories measures the client's work for users with long histories,
// without the sending: it makes every request, reads its body and keeps an answer
// of 100 tokens. The time should depend only on the number of bytes sent, so MB/s
// should not change with users, tokens or rounds. Neither should B/turn, the memory
// that a turn takes.
//
//	go test -run - -bench Histories ./3-workloads/synthetic
func BenchmarkHistories(b *testing.B) {
	for _, of := range []struct{ users, rounds, tokens int }{
		{250, 20, 20_000}, {500, 20, 20_000}, {1000, 20, 20_000},
		{1000, 5, 20_000}, {1000, 10, 20_000},
		{1000, 20, 5_000}, {1000, 20, 10_000},
	} {
		b.Run(fmt.Sprintf("users=%d/rounds=%d/tokens=%d", of.users, of.rounds, of.tokens), func(b *testing.B) {
			s := synthetic{rounds: of.rounds, historyLen: of.tokens, answerLen: 100}
			var sent, kept int64
			buffer := make([]byte, 32<<10)
			for b.Loop() {
				b.StopTimer()
				before := heap()
				b.StartTimer()
				conversations := make([]closedloop.Conversation, of.users)
				for user := range conversations {
					conversations[user] = s.conversation(user, 0)
				}
				sent = 0
				for k := 1; k <= of.rounds; k++ {
					for _, conversation := range conversations {
						request := conversation.NextRequest(k)
						_, _, body := request.Wire()
						n, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, body, buffer)
						if err != nil {
							b.Fatal(err)
						}
						sent += n
						conversation.OnResponse(strings.Repeat("word ", 100))
					}
				}
				b.StopTimer()
				kept = heap() - before
				runtime.KeepAlive(conversations)
				b.StartTimer()
			}
			turns := float64(of.users * of.rounds)
			b.SetBytes(sent)
			b.ReportMetric(float64(sent)/turns, "bytes-sent/turn")
			b.ReportMetric(float64(kept)/turns, "B/turn")
		})
	}
}

// heap returns the live heap in bytes.
func heap() int64 {
	var memory runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&memory)
	return int64(memory.HeapAlloc)
}
