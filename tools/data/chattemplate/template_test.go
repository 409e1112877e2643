package chattemplate

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The texts in testdata are what Jinja2 itself makes of the templates, with the
// settings of transformers.
func TestTemplatesAsJinja2(t *testing.T) {
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

func TestWhatIsNotSupportedIsSaid(t *testing.T) {
	tests := []struct{ why, template, want string }{
		{"a block of transformers that Jinja has not", "{% generation %}x{% endgeneration %}", "generation"},
		{"an unknown filter", "{{ messages | no_such_filter }}", "no_such_filter"},
		{"the template's own refusal", "{{ raise_exception('Only assistants!') }}", "Only assistants!"},
		{"an unknown part of a date", "{{ strftime_now('%U') }}", "%U is not supported"},
		{"no file of this machine", "{% include '/etc/hostname' %}", "hostname"},
		{"no end", "{% if x %}", ""},
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

// Without end the library reads the first of these; the last ones are in use.
func TestNumbersBeforeOtherScripts(t *testing.T) {
	tests := []struct{ why, template, want, fails string }{
		{"in an expression", "{{ 0.\uac00 }}", "", "a number, a dot and \"\uac00\", in line 1"},
		{"after a float", "{% if 1.5.\u00e9 %}{% endif %}", "", "a number, a dot and"},
		{"after what is no token", "{%!0.\uac00", "", "Unexpected"},
		{"in a set of brackets", "\n{{ {'a': [10.\u4f60]} }}", "", "in line 2"},
		{"as text", "1.\u4f60\u597d{{ 2.5 }}", "1.\u4f60\u597d2.5", ""},
		{"in a string", "{{ '1.\u4f60' + \"mark 2.\u597d\" }}", "1.\u4f60mark 2.\u597d", ""},
		{"in a comment", "{# 1.\u4f60 #}x", "x", ""},
		{"in a raw block", "{% raw %}{{ 1.\u4f60 }}{% endraw %}", "{{ 1.\u4f60 }}", ""},
		{"numbers as they should be", "{{ 'a' if 1.5 > 1 else '1.\u4f60' }}", "a", ""},
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
			t.Errorf("%s: %q, %v, want %q", test.why, got, err, test.want)
		}
	}
}

func TestConfig(t *testing.T) {
	tests := []struct {
		why, json string
		want      Config
		fails     string
	}{
		{"texts and objects of tokens", `{"bos_token":"<s>","eos_token":{"content":"</s>","lstrip":false},"pad_token":null,"chat_template":"x","clean_up_tokenization_spaces":true}`,
			Config{Template: "x", Tokens: map[string]any{"bos_token": "<s>", "eos_token": "</s>"}, CleanUp: true}, ""},
		{"several templates", `{"chat_template":[{"name":"tool_use","template":"t"},{"name":"default","template":"d"}]}`, Config{Template: "d", Tokens: map[string]any{}}, ""},
		{"no template", `{}`, Config{Tokens: map[string]any{}}, ""},
		{"several, none the default", `{"chat_template":[{"name":"rag","template":"t"}]}`, Config{}, "named default"},
		{"another kind", `{"chat_template":7}`, Config{}, "want a text"},
		{"no JSON", `x`, Config{}, "not a tokenizer_config.json"},
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

func TestStrftime(t *testing.T) {
	at := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	if got, err := strftime(at, "%d %b %Y, 100%%"); got != "04 Mar 2026, 100%" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

func FuzzParseConfig(f *testing.F) {
	f.Add([]byte(`{"bos_token":{"content":"<s>"},"chat_template":[{"name":"default","template":"x"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if c, err := ParseConfig(data); err == nil && c.Tokens == nil {
			t.Error("no tokens and no error")
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
			return // a template may count to anything
		}
		if parsed, err := Parse(text, nil); err == nil {
			_, _ = parsed.User("x")
		}
	})
}
