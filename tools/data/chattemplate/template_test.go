package chattemplate

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The texts in testdata were rendered by Jinja2 itself, with the settings of
// transformers.
func TestTemplatesMatchJinja2(t *testing.T) {
	data, err := os.ReadFile("testdata/templates.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct{ Name, Template, Content, Want string }
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		parsed, err := Parse(c.Template, map[string]any{"bos_token": "<s>", "eos_token": "</s>"})
		if err != nil {
			t.Errorf("%s: %v", c.Name, err)
			continue
		}
		got, err := parsed.User(c.Content)
		if diff := cmp.Diff(c.Want, got); diff != "" || err != nil {
			t.Errorf("%s of %q: %v (-want +got)\n%s", c.Name, c.Content, err, diff)
		}
	}
}

func TestUnsupportedTemplatesFail(t *testing.T) {
	tests := []struct{ why, template, want string }{
		{"a block that transformers adds to Jinja", "{% generation %}x{% endgeneration %}", "generation"},
		{"an unknown filter", "{{ messages | no_such_filter }}", "no_such_filter"},
		{"the template's own refusal", "{{ raise_exception('Only assistants!') }}", "Only assistants!"},
		{"an include of a local file", "{% include '/etc/hostname' %}", "hostname"},
		{"a missing end", "{% if x %}", ""},
	}
	for _, test := range tests {
		parsed, err := Parse(test.template, nil)
		if err == nil {
			_, err = parsed.User("x")
		}
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want one with %q", test.why, err, test.want)
		}
	}
}

// gonja's lexer never returns on the first four templates. The others are harmless.
func TestLexerBugGuard(t *testing.T) {
	tests := []struct{ why, template, want, fails string }{
		{"in an expression", "{{ 0.\uac00 }}", "", "a number, a dot and \"\uac00\" in line 1"},
		{"after a float", "{% if 1.5.\u00e9 %}{% endif %}", "", "a number, a dot and"},
		{"after an invalid token", "{%!0.\uac00", "", "Unexpected"},
		{"in nested brackets", "\n{{ {'a': [10.\u4f60]} }}", "", "in line 2"},
		{"as text", "1.\u4f60\u597d{{ 2.5 }}", "1.\u4f60\u597d2.5", ""},
		{"in a string", "{{ '1.\u4f60' + \"mark 2.\u597d\" }}", "1.\u4f60mark 2.\u597d", ""},
		{"in a comment", "{# 1.\u4f60 #}x", "x", ""},
		{"in a raw block", "{% raw %}{{ 1.\u4f60 }}{% endraw %}", "{{ 1.\u4f60 }}", ""},
		{"valid numbers", "{{ 'a' if 1.5 > 1 else '1.\u4f60' }}", "a", ""},
	}
	for _, test := range tests {
		parsed, err := Parse(test.template, nil)
		if test.fails != "" {
			if err == nil || !strings.Contains(err.Error(), test.fails) {
				t.Errorf("%s: error %v, want one with %q", test.why, err, test.fails)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", test.why, err)
			continue
		}
		if got, err := parsed.User("x"); got != test.want || err != nil {
			t.Errorf("%s: got %q, %v, want %q", test.why, got, err, test.want)
		}
	}
}

func TestConfig(t *testing.T) {
	tests := []struct {
		why, json string
		want      Config
		fails     string
	}{
		{"tokens as strings and as objects", `{"bos_token":"<s>","eos_token":{"content":"</s>","lstrip":false},"pad_token":null,"chat_template":"x","clean_up_tokenization_spaces":true}`,
			Config{Template: "x", Tokens: map[string]any{"bos_token": "<s>", "eos_token": "</s>"}, CleanUp: true}, ""},
		{"several templates", `{"chat_template":[{"name":"tool_use","template":"t"},{"name":"default","template":"d"}]}`, Config{Template: "d", Tokens: map[string]any{}}, ""},
		{"no template", `{}`, Config{Tokens: map[string]any{}}, ""},
		{"several templates without a default", `{"chat_template":[{"name":"rag","template":"t"}]}`, Config{}, "named default"},
		{"a template of the wrong type", `{"chat_template":7}`, Config{}, "want a string"},
		{"not JSON", `x`, Config{}, "not a tokenizer_config.json"},
	}
	for _, test := range tests {
		got, err := ParseConfig([]byte(test.json))
		if test.fails != "" {
			if err == nil || !strings.Contains(err.Error(), test.fails) {
				t.Errorf("%s: error %v, want one with %q", test.why, err, test.fails)
			}
			continue
		}
		if diff := cmp.Diff(test.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got)\n%s", test.why, err, diff)
		}
	}
}

func TestStrftimeNow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // time stands still
		parsed, err := Parse("{{ strftime_now('%d %b %Y, 100%%') }}", nil)
		if err != nil {
			t.Fatal(err)
		}
		want := time.Now().Format("02 Jan 2006, 100%")
		if got, err := parsed.User(""); got != want || err != nil {
			t.Errorf("got %q, %v, want %q", got, err, want)
		}
	})
}

func FuzzParseConfig(f *testing.F) {
	f.Add([]byte(`{"bos_token":{"content":"<s>"},"chat_template":[{"name":"default","template":"x"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if c, err := ParseConfig(data); err == nil && c.Tokens == nil {
			t.Error("nil Tokens without an error")
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add("{% for m in messages %}{{ m.content }}{% endfor %}")
	f.Add("{{ messages[0]['role'] | trim }}")
	f.Add("{%!0.\uac00")
	f.Add("{% if 1.5.\u00e9 and '2.\u4f60' %}{# 3.\u597d #}{% endif %}")
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "range") {
			return // a template may loop for very long
		}
		if parsed, err := Parse(text, nil); err == nil {
			_, _ = parsed.User("x")
		}
	})
}
