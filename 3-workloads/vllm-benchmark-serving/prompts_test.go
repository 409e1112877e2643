package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/LMCache/LMBench/tools/test/workloadtest"
)

const (
	tools  = "../../tools/data/"
	chatML = `{% for message in messages %}{{ '<|im_start|>' + message.role + '\n' + message.content + '<|im_end|>\n' }}{% endfor %}` +
		`{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}`
)

// modelFolder returns a folder with a tokenizer and its configuration.
func modelFolder(t *testing.T, template string) string {
	t.Helper()
	folder := t.TempDir()
	tokenizer, err := os.ReadFile(tools + "tokenizer/testdata/llama3.json")
	if err != nil {
		t.Fatal(err)
	}
	config, err := json.Marshal(map[string]any{"bos_token": "<s>", "chat_template": template})
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"tokenizer.json": tokenizer, "tokenizer_config.json": config, "chat.jinja": []byte("Q: {{ messages[0].content }}\nA:")} {
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func TestDataSets(t *testing.T) {
	folder := modelFolder(t, chatML)
	tests := []struct {
		why, backend, dataset, path, flags string
		begins, ends                       string // prefix and suffix of the first prompt
	}{
		{"a chat", "vllm", "custom", "custom.jsonl", "", "<|im_start|>user\nQuestion ", "?<|im_end|>\n<|im_start|>assistant\n"},
		{"without a template", "vllm", "custom", "custom.jsonl", "--custom-skip-chat-template", "Question ", "?"},
		{"a template given by a flag", "vllm", "custom", "custom.jsonl", "--chat-template " + folder + "/chat.jinja", "Q: Question ", "?\nA:"},
		{"poems for the completions API", "vllm", "sonnet", "poem.txt", "--sonnet-input-len 400 --sonnet-prefix-len 250", "<|im_start|>user\nPick as many lines", "<|im_start|>assistant\n"},
		{"poems for the chat API, which applies the template itself", "openai-chat", "sonnet", "poem.txt", "--sonnet-input-len 400 --sonnet-prefix-len 250", "Pick as many lines", "\n"},
		{"lengths from a trace", "vllm", "burstgpt", "burstgpt.csv", "", "", ""},
		{"conversations", "vllm", "sharegpt", "sharegpt.json", "--sharegpt-output-len 3", "", ""},
		{"random tokens", "vllm", "random", "", "--random-input-len 30", "", ""},
		{"the API type chat uses the chat API", "vllm", "random", "", "--api-type chat", "", ""},
	}
	for _, test := range tests {
		r := &recorder{answer: openAI(`"text":"a","delta":{"content":"a"}`)}
		path := test.path
		if path != "" {
			path = tools + "dataset/testdata/" + path
		}
		args := positional(test.backend, test.dataset, path, "4", "inf", append(strings.Fields(test.flags), "--tokenizer", folder)...)
		out := run(t, workloadtest.Harness{Handler: r}, args)
		if out.Err != nil || len(r.sent) != 5 {
			t.Errorf("%s: %v, %d requests\n%s", test.why, out.Err, len(r.sent), out.Stderr)
			continue
		}
		var body struct {
			Prompt   string
			Messages []struct{ Content []struct{ Text string } }
		}
		if err := json.Unmarshal([]byte(r.sent[1].body), &body); err != nil {
			t.Fatal(err)
		}
		prompt := body.Prompt
		if asked := test.backend == "openai-chat" || strings.Contains(test.flags, "chat") && test.dataset == "random"; asked != (len(body.Messages) == 1) {
			t.Errorf("%s: sent a chat: %v, %s", test.why, asked, r.sent[1].body)
		} else if asked {
			prompt = body.Messages[0].Content[0].Text
		}
		if !strings.HasPrefix(prompt, test.begins) || !strings.HasSuffix(prompt, test.ends) || prompt == "" {
			t.Errorf("%s: prompt %q", test.why, prompt)
		}
		if result := out.Read(t, out.Files(t, "4-latest-results/suite/*.json")[0]); !strings.Contains(result, `"TOKENIZER_FROM": "`+folder) {
			t.Errorf("%s: the result does not name the tokenizer", test.why)
		}
	}
}

func TestMissingOrUnsupportedTemplates(t *testing.T) {
	custom := tools + "dataset/testdata/custom.jsonl"
	tests := []struct{ why, tokenizer, want string }{
		{"no template", modelFolder(t, ""), "--chat-template FILE"},
		{"no tokenizer", "approximate", "--chat-template FILE"},
		{"an unsupported template", modelFolder(t, "{% generation %}x{% endgeneration %}"), "unsupported chat template"},
		{"a template that refuses", modelFolder(t, "{{ raise_exception('no users here') }}"), "no users here"},
	}
	for _, test := range tests {
		out := run(t, workloadtest.Harness{Engine: engine()}, positional("vllm", "custom", custom, "4", "1", "--tokenizer", test.tokenizer))
		if out.Code != 1 || !strings.Contains(out.Stderr, test.want) || out.Requests != 0 {
			t.Errorf("%s: exit code %d, want 1 and %q in\n%s", test.why, out.Code, test.want, out.Stderr)
		}
	}
}
