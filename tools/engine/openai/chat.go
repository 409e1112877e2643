package openai

import "github.com/LMCache/LMBench/tools/data/chat"

// Chat returns OpenAI's chat completions API.
func Chat() Backend { return chatCompletions{} }

type chatCompletions struct{}

func (chatCompletions) Path() string { return "/v1/chat/completions" }

func (chatCompletions) Form() Form { return Form{Messages: true, End: "[DONE]"} }

func (chatCompletions) Body(r *Request) Body {
	b := make(Body, 0, 2+3*len(r.Messages))
	b = append(b, Part{JSON: `{"model":"`, Text: chat.Text{r.Model}})
	before := `","messages":[`
	for _, m := range r.Messages {
		b = append(b, Part{JSON: before + `{"role":"`, Text: chat.Text{string(m.Role)}})
		if m.Name != "" {
			b = append(b, Part{JSON: `","name":"`, Text: chat.Text{m.Name}})
		}
		b = append(b, Part{`","content":"`, m.Content, r.Plain})
		before = `"},`
	}
	if len(r.Messages) == 0 {
		return append(b, Part{JSON: before + `]` + r.settings()})
	}
	return append(b, Part{JSON: `"}]` + r.settings()})
}

func (chatCompletions) Decode(data []byte, d *Delta) error { return decodeChoices(data, d) }
