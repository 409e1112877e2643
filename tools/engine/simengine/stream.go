package simengine

import (
	"net/http"
	"strconv"
)

// fullBuffer is how much is collected before it is sent, in bytes, when many
// tokens are due at once.
const fullBuffer = 32 << 10

// stream is an answer sent as server-sent events, each token in one of its own.
// Nothing is sent before the first token, not even headers.
//
// All events of an answer but the last few are alike except for the token, so
// they are put together from parts made once.
type stream struct {
	w       http.ResponseWriter
	flusher *http.ResponseController
	g       *generation

	opening []byte // of every event, up to the list of choices
	before  []byte // the token, after the opening
	after   []byte // the token, to the end of the event
	buffer  []byte // events that are not sent yet
	started bool
}

func newStream(w http.ResponseWriter, g *generation) *stream {
	s := &stream{w: w, flusher: http.NewResponseController(w), g: g}
	object := "text_completion"
	s.before = []byte(`[{"index":0,"text":"`)
	s.after = []byte(`","logprobs":null,"finish_reason":`)
	if g.chat {
		object = "chat.completion.chunk"
		s.before = []byte(`[{"index":0,"delta":{"content":"`)
		s.after = []byte(`"},"logprobs":null,"finish_reason":`)
	}
	s.opening = append([]byte("data: "), opening(g, object)...)
	return s
}

func (s *stream) add(token string) {
	if !s.started {
		s.start()
	}
	s.buffer = append(s.buffer, s.opening...)
	s.buffer = append(s.buffer, s.before...)
	s.buffer = append(s.buffer, token...)
	s.buffer = append(s.buffer, s.after...)
	if s.g.produced == s.g.tokens {
		s.buffer = append(append(append(s.buffer, '"'), s.g.reason...), '"')
	} else {
		s.buffer = append(s.buffer, "null"...)
	}
	s.buffer = append(s.buffer, `,"stop_reason":null}]}`+"\n\n"...)
}

// start sets the headers. A chat begins with an event which names the role,
// sent along with the first token.
func (s *stream) start() {
	s.started = true
	s.w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	s.w.Header().Set("Cache-Control", "no-cache")
	if s.g.chat {
		s.buffer = append(s.buffer, s.opening...)
		s.buffer = append(s.buffer, `[{"index":0,"delta":{"role":"assistant","content":""},`+
			`"logprobs":null,"finish_reason":null}]}`+"\n\n"...)
	}
}

func (s *stream) full() bool { return len(s.buffer) >= fullBuffer }

func (s *stream) flush() error {
	if len(s.buffer) == 0 {
		return nil // an empty write would send headers
	}
	_, err := s.w.Write(s.buffer)
	s.buffer = s.buffer[:0]
	if err != nil {
		return err
	}
	return s.flusher.Flush()
}

func (s *stream) finish() {
	if s.g.includeUsage && s.g.fault != noUsageFault {
		s.buffer = append(s.buffer, s.opening...)
		s.buffer = append(s.buffer, `[],"usage":`...)
		s.buffer = appendUsage(s.buffer, s.g)
		s.buffer = append(s.buffer, "}\n\n"...)
	}
	s.done()
}

func (s *stream) fail(reason *failure) {
	s.buffer = append(s.buffer, "data: "...)
	s.buffer = append(s.buffer, reason.body()...)
	s.buffer = append(s.buffer, "\n\n"...)
	s.done()
}

func (s *stream) done() {
	s.buffer = append(s.buffer, "data: [DONE]\n\n"...)
}

// appendUsage writes the value of "usage".
func appendUsage(buffer []byte, g *generation) []byte {
	for _, member := range []struct {
		key   string
		value int
	}{
		{`{"prompt_tokens":`, g.prompt.tokens},
		{`,"total_tokens":`, g.sequence.tokens},
		{`,"completion_tokens":`, g.produced},
		{`,"prompt_tokens_details":{"cached_tokens":`, g.cached},
	} {
		buffer = append(buffer, member.key...)
		buffer = strconv.AppendInt(buffer, int64(member.value), 10)
	}
	return append(buffer, "}}"...)
}
