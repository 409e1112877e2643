package refengine

import (
	"fmt"
	"strings"
)

// An answer holds the bytes of every answer to one API, ready to be written.
type answer struct {
	first, middle, last, only []byte // chunks; the first with the HTTP head, the last with usage and end
	whole                     []byte // HTTP head and document
}

// A shape is what the documents of an API contain around the text.
type shape struct{ object, before, after string }

var (
	completionShape = shape{"text_completion", `"text":"`, `","logprobs":null,"finish_reason":`}
	chatShape       = shape{"chat.completion.chunk", `"delta":{"content":"`, `"},"logprobs":null,"finish_reason":`}
	wholeChatShape  = shape{"chat.completion", `"message":{"role":"assistant","content":"`, `"},"logprobs":null,"finish_reason":`}
)

const (
	streamHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n"
	jsonPrefix = `{"id":"cmpl-0123456789abcdef0123456789abcdef","object":"%s","created":1700000000,"model":"reference","choices":[`
)

func newAnswer(config Config, s shape) answer {
	text := " " + strings.Repeat("a", config.Size-1)
	usage := fmt.Sprintf(`{"prompt_tokens":100,"completion_tokens":%d,"total_tokens":%d}`, config.Chunks, 100+config.Chunks)
	prefix := fmt.Sprintf(jsonPrefix, s.object)
	choice := `{"index":0,` + s.before + text + s.after
	middle := httpChunk("data: " + prefix + choice + "null}],\"usage\":null}\n\n")
	last := httpChunk("data: "+prefix+choice+"\"length\"}],\"usage\":null}\n\n") +
		httpChunk("data: "+prefix+`],"usage":`+usage+"}\n\n") + httpChunk("data: [DONE]\n\n") + httpChunk("")

	a := answer{first: []byte(streamHead + middle), middle: []byte(middle), last: []byte(last), only: []byte(streamHead + last)}
	if config.Whole {
		if s == chatShape {
			s = wholeChatShape
		}
		document := fmt.Sprintf(jsonPrefix, s.object) + `{"index":0,` + s.before + strings.Repeat(text, config.Chunks) + s.after + `"length"}],"usage":` + usage + "}"
		a.whole = fmt.Appendf(nil, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(document), document)
	}
	return a
}

// httpChunk returns data as a chunk of HTTP's chunked encoding.
func httpChunk(data string) string { return fmt.Sprintf("%x\r\n%s\r\n", len(data), data) }

// chunk returns the bytes of chunk i of n.
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
