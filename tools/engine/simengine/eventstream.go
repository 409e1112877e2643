package simengine

import (
	"net/http"
	"strconv"
)

// flushSize is the amount of buffered events that is sent without waiting for
// more, in bytes, when many tokens are due at once.
const flushSize = 32 << 10

// An eventStream sends an answer as server-sent events, one for each token. It
// sends nothing before the first token, headers included.
//
// All events of an answer but the last few differ only in their token, so they
// are composed of parts that are prepared once.
type eventStream struct {
	w       http.ResponseWriter
	flusher *http.ResponseController
	g       *generation

	prefix  []byte // of every event, up to the list of choices
	before  []byte // from there to the token
	after   []byte // from the token to the finish reason
	buffer  []byte // events that are not sent yet
	started bool
}

func newEventStream(w http.ResponseWriter, g *generation) *eventStream {
	s := &eventStream{w: w, flusher: http.NewResponseController(w), g: g}
	object := "text_completion"
	s.before = []byte(`[{"index":0,"text":"`)
	s.after = []byte(`","logprobs":null,"finish_reason":`)
	if g.chat {
		object = "chat.completion.chunk"
		s.before = []byte(`[{"index":0,"delta":{"content":"`)
		s.after = []byte(`"},"logprobs":null,"finish_reason":`)
	}
	s.prefix = append([]byte("data: "), objectPrefix(g, object)...)
	return s
}

func (s *eventStream) add(token string) {
	if !s.started {
		s.start()
	}
	s.buffer = append(s.buffer, s.prefix...)
	s.buffer = append(s.buffer, s.before...)
	s.buffer = append(s.buffer, token...)
	s.buffer = append(s.buffer, s.after...)
	if s.g.produced == s.g.maxTokens {
		s.buffer = append(append(append(s.buffer, '"'), s.g.finishReason...), '"')
	} else {
		s.buffer = append(s.buffer, "null"...)
	}
	s.buffer = append(s.buffer, `,"stop_reason":null}]}`+"\n\n"...)
}

// start sets the headers. A chat starts with an event that names the role, sent
// together with the first token.
func (s *eventStream) start() {
	s.started = true
	s.w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	s.w.Header().Set("Cache-Control", "no-cache")
	if s.g.chat {
		s.buffer = append(s.buffer, s.prefix...)
		s.buffer = append(s.buffer, `[{"index":0,"delta":{"role":"assistant","content":""},`+
			`"logprobs":null,"finish_reason":null}]}`+"\n\n"...)
	}
}

func (s *eventStream) full() bool { return len(s.buffer) >= flushSize }

func (s *eventStream) flush() error {
	if len(s.buffer) == 0 {
		return nil // an empty write would send the headers
	}
	_, err := s.w.Write(s.buffer)
	s.buffer = s.buffer[:0]
	if err != nil {
		return err
	}
	return s.flusher.Flush()
}

func (s *eventStream) finish() {
	if s.g.includeUsage && !s.g.fault.omitUsage {
		s.buffer = append(s.buffer, s.prefix...)
		s.buffer = append(s.buffer, `[],"usage":`...)
		s.buffer = appendUsage(s.buffer, s.g)
		s.buffer = append(s.buffer, "}\n\n"...)
	}
	s.done()
}

func (s *eventStream) fail(reason *apiError) {
	s.buffer = append(s.buffer, "data: "...)
	s.buffer = append(s.buffer, reason.body()...)
	s.buffer = append(s.buffer, "\n\n"...)
	s.done()
}

func (s *eventStream) done() {
	s.buffer = append(s.buffer, "data: [DONE]\n\n"...)
}

// appendUsage appends the value of "usage".
func appendUsage(buffer []byte, g *generation) []byte {
	for _, member := range []struct {
		key   string
		value int
	}{
		{`{"prompt_tokens":`, g.prompt.tokens},
		{`,"total_tokens":`, g.tokens.tokens},
		{`,"completion_tokens":`, g.produced},
		{`,"prompt_tokens_details":{"cached_tokens":`, g.cached},
	} {
		buffer = append(buffer, member.key...)
		buffer = strconv.AppendInt(buffer, int64(member.value), 10)
	}
	return append(buffer, "}}"...)
}
