package main

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/LMCache/LMBench/tools/load/closedloop"
)

// BenchmarkHistories is all that is done for crowds with long histories but the
// sending: every turn of 20 rounds made, its body read, its answer of 100 tokens
// kept. Time grows with the bytes that are sent and with nothing else: bytes/s is
// the same for twice and four times the users, tokens or rounds. So is what a turn
// leaves in memory, however long its history: B/turn.
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
				crowd := make([]closedloop.Conversation, of.users)
				for user := range crowd {
					crowd[user] = s.converse(user, 0)
				}
				sent = 0
				for k := 1; k <= of.rounds; k++ {
					for _, conversation := range crowd {
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
				runtime.KeepAlive(crowd)
				b.StartTimer()
			}
			turns := float64(of.users * of.rounds)
			b.SetBytes(sent)
			b.ReportMetric(float64(sent)/turns, "bytes-sent/turn")
			b.ReportMetric(float64(kept)/turns, "B/turn")
		})
	}
}

// heap is the bytes in use.
func heap() int64 {
	var memory runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&memory)
	return int64(memory.HeapAlloc)
}
