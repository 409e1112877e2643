package refengine

import (
	"fmt"
	"strings"
)

// answer is the bytes of every answer to one API, as they go on the wire.
type answer struct {
	first, middle, last, only []byte // chunks: the first with the head, the last with usage and end
	whole                     []byte // head and document
}

// shape is what the two APIs' documents have around a text.
type shape struct{ object, before, after string }

var (
	completionShape = shape{"text_completion", `"text":"`, `","logprobs":null,"finish_reason":`}
	chatShape       = shape{"chat.completion.chunk", `"delta":{"content":"`, `"},"logprobs":null,"finish_reason":`}
	wholeChatShape  = shape{"chat.completion", `"message":{"role":"assistant","content":"`, `"},"logprobs":null,"finish_reason":`}
)

const (
	streamHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n"
	opening    = `{"id":"cmpl-0123456789abcdef0123456789abcdef","object":"%s","created":1700000000,"model":"metronome","choices":[`
)

func newAnswer(config Config, s shape) answer {
	text := " " + strings.Repeat("a", config.Size-1)
	usage := fmt.Sprintf(`{"prompt_tokens":100,"completion_tokens":%d,"total_tokens":%d}`, config.Chunks, 100+config.Chunks)
	beginning := fmt.Sprintf(opening, s.object)
	choice := `{"index":0,` + s.before + text + s.after
	middle := framed("data: " + beginning + choice + "null}],\"usage\":null}\n\n")
	last := framed("data: "+beginning+choice+"\"length\"}],\"usage\":null}\n\n") +
		framed("data: "+beginning+`],"usage":`+usage+"}\n\n") + framed("data: [DONE]\n\n") + framed("")

	a := answer{first: []byte(streamHead + middle), middle: []byte(middle), last: []byte(last), only: []byte(streamHead + last)}
	if config.Whole {
		if s == chatShape {
			s = wholeChatShape
		}
		document := fmt.Sprintf(opening, s.object) + `{"index":0,` + s.before + strings.Repeat(text, config.Chunks) + s.after + `"length"}],"usage":` + usage + "}"
		a.whole = fmt.Appendf(nil, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(document), document)
	}
	return a
}

// framed is an HTTP chunk.
func framed(data string) string { return fmt.Sprintf("%x\r\n%s\r\n", len(data), data) }

// chunk is what is written as chunk i of n.
func (a *answer) chunk(i, n int) []byte {
	switch {
	case n == 1:
		return a.only
	case i == 0:
		return a.first
	case i == n-1:
		return a.last
	}
	return a.middle
}
